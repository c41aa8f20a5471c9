using System.Text.Json;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>
/// Our own: <c>{"provider": "vault", "key": "prod/db", "store": "team", "namespace": "shop"}</c>, the last two optional, or a list of such. A member that is not known
/// makes it malformed, as a misspelt one would refresh more than was meant.
/// </summary>
internal sealed class GenericShape : IEventShape
{
    /// <summary>Changes in one request.</summary>
    public const int MostChanges = 100;

    public IReadOnlyList<ToldChange>? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array) return One(root) is { } single ? [single] : null;
        if (root.GetArrayLength() > MostChanges) return null;
        var changes = new List<ToldChange>();
        foreach (var item in root.EnumerateArray())
        {
            if (One(item) is not { } change) return null;
            changes.Add(change);
        }
        return changes;
    }

    private static ToldChange? One(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object) return null;
        string? provider = null, key = null, store = null, ns = null;
        foreach (var member in item.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String || member.Value.GetString() is not { Length: > 0 } text) return null;
            switch (member.Name)
            {
                case "provider": provider = text; break;
                case "key": key = text; break;
                case "store": store = text; break;
                case "namespace": ns = text; break;
                default: return null;
            }
        }
        return provider is null || key is null ? null : new ToldChange(new RemoteChange(provider, key), store, ns);
    }
}
