using System.Text.Json;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>An answer, and the object in it that matters; valid until it is disposed.</summary>
internal sealed record VaultRead(VaultAnswer Answer, JsonElement Content) : IDisposable
{
    public void Dispose() => Answer.Dispose();

    public override string ToString() => "an answer of Vault";
}
