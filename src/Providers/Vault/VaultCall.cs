namespace GitOpsSecrets.Providers.Vault;

/// <summary>One request to Vault's HTTP API.</summary>
/// <param name="Method">GET, POST or DELETE.</param>
/// <param name="Path">Below <c>/v1/</c>, escaped; may carry a query.</param>
/// <param name="Operation">The name under which the call is counted.</param>
internal sealed record VaultCall(HttpMethod Method, string Path, string Operation)
{
    /// <summary>JSON; zeroed once sent. Null sends none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Sent in place of the store's namespace, where a login wants another; empty is the root namespace.</summary>
    public string? Namespace { get; init; }
}
