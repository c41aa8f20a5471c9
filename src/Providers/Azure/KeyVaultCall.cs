namespace GitOpsSecrets.Providers.Azure;

/// <summary>One request to a vault.</summary>
/// <param name="Path">Below the vault's address; may carry a query.</param>
/// <param name="Operation">The name under which the call is counted.</param>
internal sealed record KeyVaultCall(HttpMethod Method, string Path, string Operation)
{
    /// <summary>JSON; zeroed once sent. Null sends none.</summary>
    public byte[]? Body { get; init; }
}
