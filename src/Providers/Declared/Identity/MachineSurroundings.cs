using System.Text.Json;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Declared.Identity;

/// <summary>What identities are asked with: clients of their own, which know nothing of the store's, and the process's environment.</summary>
/// <param name="Title">The store's, for messages.</param>
/// <param name="Variable">Of the environment; null for a definition that did not come with the program: the controller's identity is for the stores whose servers it knows.</param>
internal sealed record MachineSurroundings(string Title, IProviderHttp Http, IStoreCluster Cluster, CallMeter Meter, TimeProvider Time, Func<string, string?>? Variable)
{
    /// <summary>What variables name the address of, or the usual one.</summary>
    public Uri Address(string variable, string usual) => Uri.TryCreate(Text(variable), UriKind.Absolute, out var named) && named.Scheme is "http" or "https" ? named : new Uri(usual);

    public string? Text(string variable) => Variable?.Invoke(variable) is { Length: > 0 } text ? text : null;

    /// <summary>The file that a variable names, or the usual one.</summary>
    /// <exception cref="ProviderException">It cannot be read.</exception>
    public async Task<string> FileAsync(string variable, string? usual, CancellationToken cancellationToken)
    {
        var path = Text(variable) ?? usual ?? throw Missing($"{variable} is not set");
        try
        {
            return await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Missing($"{path} cannot be read");
        }
    }

    /// <returns>The answer's body as text.</returns>
    /// <param name="request">Disposed.</param>
    /// <param name="operation">The name under which the call is counted.</param>
    /// <param name="settings">Of the client that sends it.</param>
    /// <exception cref="ProviderException">There is no answer of success.</exception>
    public async Task<string> SendAsync(HttpRequestMessage request, string operation, HttpSettings settings, CancellationToken cancellationToken) => await Meter.MeasureAsync(operation, async () =>
    {
        using var client = Http.Create(settings);
        using var sent = request;
        using var response = await client.SendAsync(sent, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode) throw HttpFailures.OfAnswer($"{Title}, asked to {operation},", response, Time);
        return System.Text.Encoding.UTF8.GetString(response.Body().Span);
    }).ConfigureAwait(false);

    /// <summary>As <see cref="SendAsync"/>, of JSON.</summary>
    public async Task<JsonElement> JsonAsync(HttpRequestMessage request, string operation, HttpSettings settings, CancellationToken cancellationToken) =>
        Parsed(await SendAsync(request, operation, settings, cancellationToken).ConfigureAwait(false), operation);

    /// <exception cref="ProviderException">It is no JSON.</exception>
    public JsonElement Parsed(string text, string operation)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"what answered in the place of {Title}, asked to {operation}, did not answer with JSON");
        }
    }

    public ProviderException Lacks(string operation, string what) => new(ProviderFailureKind.Invalid, $"the answer of {Title} to {operation} has no {what}");

    public ProviderException Missing(string problem) => new(ProviderFailureKind.Invalid, $"the controller has no identity for {Title}: {problem}");
}
