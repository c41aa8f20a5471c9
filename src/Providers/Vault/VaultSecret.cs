using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>
/// A secret of Vault: keys and values, which may be nested. A property is the exact name of a key first, so that names with dots work, and a
/// path otherwise.
/// </summary>
internal sealed class VaultSecret : RemoteSecret
{
    private readonly JsonSecret json;

    private VaultSecret(JsonSecret json) => this.json = json;

    public override long Size => json.Size;

    public static VaultSecret Of(string key, JsonElement values) => new(new JsonSecret(key, VaultDocument.Json(values), PropertyOrder.ExactNameFirst));

    public override byte[]? Value(string? property) => json.Value(property);

    public override SecretValues? Values(string? property)
    {
        var text = json.Value(property)!;
        using var answer = VaultAnswer.Of(text, isFound: true);
        if (answer.Root.ValueKind != JsonValueKind.Object)
            throw new ProviderException(ProviderFailureKind.Invalid, $"{json}, property \"{property}\", is not a JSON object, so it has no keys and values to extract");
        var values = new SecretValues();
        foreach (var member in answer.Root.EnumerateObject()) values.Set(member.Name, VaultDocument.Text(member.Value));
        return values;
    }

    public override string ToString() => json.ToString();

    protected override void Dispose(bool disposing) => json.Dispose();
}
