namespace GitOpsSecrets.Controller.Kube;

/// <summary>One call to the API server, still to be sent.</summary>
/// <param name="Path">Relative to the server's address, with its query.</param>
internal sealed record KubeRequest(HttpMethod Method, string Path)
{
    public string Accept { get; init; } = KubeBody.Json;
    public KubeBody? Body { get; init; }

    /// <summary>What it is about, for who has to tell of a refusal.</summary>
    public KubeResource? Resource { get; init; }
}
