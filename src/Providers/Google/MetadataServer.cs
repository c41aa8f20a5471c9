namespace GitOpsSecrets.Providers.Google;

/// <summary>The metadata server of the machine that this process runs on (https://cloud.google.com/compute/docs/metadata): who it is, and where.</summary>
internal sealed class MetadataServer(GoogleHttp http, GoogleSurroundings surroundings, TokenExchange exchange) : IGoogleLogin
{
    public async Task<GoogleToken> LogInAsync(CancellationToken cancellationToken)
    {
        var path = "instance/service-accounts/default/token?scopes=" + Uri.EscapeDataString(TokenExchange.Scope);
        using var answer = await http.SendAsync(Call(path), null, cancellationToken).ConfigureAwait(false);
        return exchange.TokenOf(answer.Root);
    }

    /// <summary>A JWT of Google's that says which machine this is, and its service account.</summary>
    /// <param name="audience">For whom.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<string> IdentityAsync(string audience, CancellationToken cancellationToken) =>
        http.ReadTextAsync(Call("instance/service-accounts/default/identity?format=full&audience=" + Uri.EscapeDataString(audience)), cancellationToken);

    public Task<string> ProjectAsync(CancellationToken cancellationToken) => http.ReadTextAsync(Call("project/project-id"), cancellationToken);

    /// <param name="name">Such as <c>cluster-name</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<string> AttributeAsync(string name, CancellationToken cancellationToken) => http.ReadTextAsync(Call("instance/attributes/" + name), cancellationToken);

    private GoogleCall Call(string path) => new(HttpMethod.Get, new Uri(surroundings.Metadata, path), "ReadMetadata") { IsMetadata = true };
}
