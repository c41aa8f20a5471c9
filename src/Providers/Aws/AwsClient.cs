using System.Net.Http.Headers;
using System.Security.Cryptography;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>
/// Speaks to one service of AWS in one region, in JSON (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html). The one file to replace by a client library
/// (docs/design/0023-aws.md). Throttled calls are repeated, credentials that have ended are replaced, and a clock that goes wrong is set right, once each.
/// </summary>
internal sealed class AwsClient(HttpClient http, AwsService service, Uri endpoint, string region, AwsIdentity identity, AwsPatience patience, CallMeter meter, TimeProvider time)
{
    // What AWS tolerates is five minutes.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(4);
    private TimeSpan skew;

    /// <returns>The answer, or an error that was expected; the caller's to dispose.</returns>
    /// <exception cref="ProviderException">Every other failure, with AWS's own code and reason.</exception>
    public async Task<AwsAnswer> SendAsync(AwsCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await meter.MeasureAsync(call.Operation, () => patience.TryAsync(stop => SendPatientlyAsync(call, stop), cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(call.Body);
        }
    }

    private async Task<AwsAnswer> SendPatientlyAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var (replaced, corrected) = (false, false);
        while (true)
        {
            var credentials = await identity.ReadAsync(cancellationToken).ConfigureAwait(false);
            using var request = RequestFor(call, credentials);
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return Read(response.TakeBody(), call) ?? throw NotAws(call);
            var error = AwsError.Read(response.Body());
            if (error is not null && call.Expected.Contains(error.Code)) return AwsAnswer.Of(error);
            if (error is not null && !corrected && AwsErrors.MayBeAboutTheClock(error.Code) && Correct(response.Headers.Date))
            {
                corrected = true;
                continue;
            }
            if (error is not null && !replaced && AwsErrors.IsAboutDeadCredentials(error.Code))
            {
                replaced = true;
                await identity.ForgetAsync(credentials, cancellationToken).ConfigureAwait(false);
                continue;
            }
            throw Failure(response, error, call);
        }
    }

    private static AwsAnswer? Read(byte[] body, AwsCall call) => AwsAnswer.Of(body.Length == 0 && call.AnswersNothing ? "{}"u8.ToArray() : body);

    private HttpRequestMessage RequestFor(AwsCall call, AwsCredentials credentials)
    {
        KeyValuePair<string, string>[] headers = [new("content-type", "application/x-amz-json-1.1"), new("x-amz-target", $"{service.TargetPrefix}.{call.Operation}")];
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(call.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1") } } };
        foreach (var (name, value) in AwsSignature.Sign(endpoint, headers, call.Body, credentials, service.SigningName, region, time.GetUtcNow() + skew))
        {
            if (name is not "content-type" and not "host") request.Headers.TryAddWithoutValidation(name, value);
        }
        // Writes carry a token or are the same twice, so that a repetition does no harm.
        request.Options.Set(ProviderRequest.MayRepeat, true);
        return request;
    }

    private bool Correct(DateTimeOffset? theirs)
    {
        if (theirs is null) return false;
        var difference = theirs.Value - (time.GetUtcNow() + skew);
        if (difference.Duration() < Tolerance) return false;
        skew += difference;
        return true;
    }

    private ProviderException Failure(HttpResponseMessage response, AwsError? error, AwsCall call)
    {
        var plain = HttpFailures.OfAnswer($"{service.Label}, asked to {call.Operation},", response, time);
        if (error is null) return plain.Kind == ProviderFailureKind.Conflict ? new(ProviderFailureKind.Invalid, plain.Message) : plain;
        var kind = AwsErrors.KindOf(error.Code) ?? (plain.Kind == ProviderFailureKind.Denied ? ProviderFailureKind.Invalid : plain.Kind);
        var message = $"{service.Label}, asked to {call.Operation}, gave error {error.Code}{(error.Message.Length == 0 || call.CarriesValue ? "" : ": " + error.Message)}";
        return new ProviderException(kind, message) { RetryAfter = plain.RetryAfter };
    }

    private ProviderException NotAws(AwsCall call) => new(ProviderFailureKind.Invalid, $"{service.Label}, asked to {call.Operation}, answered with something that is not a JSON object: is the endpoint {endpoint.GetLeftPart(UriPartial.Authority)} one of AWS?");
}
