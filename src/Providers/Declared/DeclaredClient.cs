using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Makes requests of a definition's steps and sends them. Knows no token of its own.</summary>
/// <param name="isReplaced">Whether <paramref name="server"/> stands for every server of the definition.</param>
internal sealed class DeclaredClient(HttpClient http, Definition definition, string server, bool isReplaced, TimeProvider time) : IDisposable
{
    /// <summary>The answer, whatever its status; the caller's to dispose.</summary>
    /// <exception cref="ProviderException">There is none, or no request can be made of the variables.</exception>
    public async Task<DeclaredAnswer> SendAsync(StepRule step, Variables variables, CancellationToken cancellationToken)
    {
        var (body, type) = BodyOf(step, variables);
        try
        {
            using var request = new HttpRequestMessage(step.Method, Address(step, variables));
            if (step.OnlyReads) request.Options.Set(ProviderRequest.MayRepeat, true);
            if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
            foreach (var header in definition.Headers.Where(header => !step.Headers.Any(own => own.Name.Equals(header.Name, StringComparison.OrdinalIgnoreCase)))) AddHeader(request, header, variables);
            foreach (var header in step.Headers) AddHeader(request, header, variables);
            definition.Signature?.Apply(request, body, variables, time.GetUtcNow());
            return new DeclaredAnswer(await http.SendAsync(request, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            if (body is not null) CryptographicOperations.ZeroMemory(body);
        }
    }

    public void Dispose() => http.Dispose();

    private static (byte[]? Body, string Type) BodyOf(StepRule step, Variables variables)
    {
        if (step is { Json: null, Form: null, Text: null, File: null }) return (null, "");
        using var text = new SecretBuffer();
        var type = Write(step, variables, text);
        return (text.ToArray(), type);
    }

    /// <returns>The content type.</returns>
    private static string Write(StepRule step, Variables variables, SecretBuffer to)
    {
        if (step.File is not null) return step.File.Write(variables, to);
        if (step.Json is not null) step.Json.Write(variables, to);
        else if (step.Text is not null) step.Text.Write(variables, to);
        else to.Append(Encoding.UTF8.GetBytes(Joined(step.Form!, variables)));
        return step.Json is not null ? "application/json" : step.Text is not null ? "text/plain" : "application/x-www-form-urlencoded";
    }

    private Uri Address(StepRule step, Variables variables)
    {
        var start = (step.Server is null || isReplaced ? server : step.Server.Text(variables, PatternPlace.Server)).TrimEnd('/');
        var query = Joined(step.Query, variables);
        var text = start + step.Path.Text(variables, PatternPlace.Path) + (query.Length > 0 ? "?" + query : "");
        // The text itself stays out of the message: a value may have gone into it.
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new ProviderException(ProviderFailureKind.Invalid, $"the address of {definition.Title} does not become an http or https address");
    }

    private static string Joined(IReadOnlyList<NamedPattern> pairs, Variables variables) =>
        string.Join('&', pairs.Where(pair => pair.Text.IsComplete(variables)).Select(pair => Uri.EscapeDataString(pair.Name) + "=" + Uri.EscapeDataString(pair.Text.Text(variables))));

    private static void AddHeader(HttpRequestMessage request, NamedPattern header, Variables variables)
    {
        if (!header.Text.IsComplete(variables)) return;
        var value = header.Text.Text(variables);
        if (value.AsSpan().ContainsAny('\r', '\n', '\0')) throw new ProviderException(ProviderFailureKind.Invalid, $"the header {header.Name} would hold a line break, which no header can");
        if (header.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && request.Content is not null)
        {
            request.Content.Headers.Remove(header.Name);
            request.Content.Headers.TryAddWithoutValidation(header.Name, value);
            return;
        }

        request.Headers.TryAddWithoutValidation(header.Name, value);
    }
}
