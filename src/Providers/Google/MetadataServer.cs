namespace GitOpsSecrets.Providers.Google;

/// <summary>What the metadata server of the machine that this process runs on (https://cloud.google.com/compute/docs/metadata) tells but tokens: where it is.</summary>
internal sealed class MetadataServer(GoogleHttp http, GoogleSurroundings surroundings)
{
    /// <summary>A JWT of Google's that says which machine this is, and its service account.</summary>
    /// <param name="audience">For whom.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<string> IdentityAsync(string audience, CancellationToken cancellationToken) =>
        ReadAsync("instance/service-accounts/default/identity?format=full&audience=" + Uri.EscapeDataString(audience), cancellationToken);

    public Task<string> ProjectAsync(CancellationToken cancellationToken) => ReadAsync("project/project-id", cancellationToken);

    /// <param name="name">Such as <c>cluster-name</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<string> AttributeAsync(string name, CancellationToken cancellationToken) => ReadAsync("instance/attributes/" + name, cancellationToken);

    private Task<string> ReadAsync(string path, CancellationToken cancellationToken) =>
        http.ReadTextAsync(new GoogleCall(HttpMethod.Get, new Uri(surroundings.Metadata, path), "ReadMetadata") { IsMetadata = true }, cancellationToken);
}
