namespace GitOpsSecrets.Providers.Vault;

/// <summary>A login that posts a JSON object of strings.</summary>
/// <param name="path">Below <c>/v1/</c>, such as <c>auth/approle/login</c>.</param>
/// <param name="namespace">Where to log in, if not in the store's namespace.</param>
/// <param name="fields">Makes the fields, with credentials read anew.</param>
internal sealed class VaultLogin(string path, string? @namespace, Func<CancellationToken, Task<IReadOnlyDictionary<string, string>>> fields) : IVaultLogin
{
    public async Task<VaultCall> CallAsync(CancellationToken cancellationToken)
    {
        var body = new System.Text.Json.Nodes.JsonObject();
        foreach (var (name, value) in await fields(cancellationToken).ConfigureAwait(false)) body[name] = value;
        return new(HttpMethod.Post, path, "Login")
        {
            Namespace = @namespace,
            Body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(body, VaultJson.Default.JsonObject),
        };
    }
}
