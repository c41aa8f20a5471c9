using System.Security.Cryptography;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Seal.Cli.Importing;

/// <summary>What a source holds, on its way to a manifest. Owns the values.</summary>
/// <param name="Secret">Named and filled; without what only a cluster sets.</param>
/// <param name="Origin">Where it came from, and in which version if the source tells one: nothing secret.</param>
/// <param name="External">The ExternalSecret that reads it; null where the source cannot tell of one.</param>
internal sealed record ImportedSecret(Secret Secret, string Origin, System.Text.Json.Nodes.JsonObject? External) : IDisposable
{
    public void Dispose()
    {
        foreach (var (_, value) in Secret.Data ?? []) CryptographicOperations.ZeroMemory(value);
    }

    public override string ToString() => Secret.ToString();
}
