namespace GitOpsSecrets.Providers.Http;

/// <summary>Holds a call within its time and its answer within its size, and turns what went wrong into a <see cref="ProviderException"/>.</summary>
internal sealed class BoundedHandler(TimeSpan timeout, int maxBytes, AddressGuard? guard, TimeProvider time, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (guard is not null) AddressGuard.CheckLiteral(request.RequestUri!);
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        HttpResponseMessage? answer = null;
        try
        {
            answer = await base.SendAsync(request, both.Token).ConfigureAwait(false);
            answer.Content = await ReadAsync(answer, both.Token).ConfigureAwait(false);
            return answer;
        }
        catch (Exception failure)
        {
            answer?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (HttpFailures.OfException(failure, request.RequestUri!, timeout, request.Options.TryGetValue(RetryHandler.Answered, out var status) ? status : null) is { } understood) throw understood;
            throw;
        }
    }

    private async Task<SecretContent> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using var body = new SecretBuffer();
        var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            while (true)
            {
                var read = await stream.ReadAsync(body.GetMemory(4096), cancellationToken).ConfigureAwait(false);
                if (read == 0) break;
                body.Advance(read);
                if (body.Length > maxBytes) throw new ProviderException(ProviderFailureKind.Invalid, $"the answer is larger than {maxBytes} bytes");
            }
        }

        var content = new SecretContent(body.ToArray());
        foreach (var header in answer.Content.Headers) content.Headers.TryAddWithoutValidation(header.Key, header.Value);
        answer.Content.Dispose();
        return content;
    }
}
