using System.Text.Json;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>Events of Azure Event Grid about a key vault, in its own schema (a list) or as CloudEvents 1.0 (one, or a list).</summary>
internal sealed class EventGridShape : IEventShape
{
    private const string Provider = "azurekv";

    public IReadOnlyList<ToldChange>? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array) return One(root);
        if (root.GetArrayLength() > GenericShape.MostChanges) return null;
        var changes = new List<ToldChange>();
        foreach (var item in root.EnumerateArray())
        {
            if (One(item) is not { } told) return null;
            changes.AddRange(told);
        }
        return changes;
    }

    private static List<ToldChange>? One(JsonElement item)
    {
        if ((JsonMembers.Text(item, "eventType") ?? JsonMembers.Text(item, "type")) is not { } type) return null;
        var kind = type switch
        {
            "Microsoft.KeyVault.SecretNewVersionCreated" => "Secret",
            "Microsoft.KeyVault.CertificateNewVersionCreated" => "Certificate",
            "Microsoft.KeyVault.KeyNewVersionCreated" => "Key",
            _ => null,
        };
        if (kind is null) return [];
        var data = JsonMembers.Member(item, "data");
        if (Text(data, "ObjectName", "objectName") is not { Length: > 0 } name || Text(data, "VaultName", "vaultName") is not { Length: > 0 } vault) return null;
        return [new ToldChange(new RemoteChange(Provider, name) { Part = kind, Container = vault })];
    }

    // The service writes capitals; the types of its client libraries have none.
    private static string? Text(JsonElement data, string name, string other) => JsonMembers.Text(data, name) ?? JsonMembers.Text(data, other);
}
