using System.Text.Json;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>All items that match, each to a key of its own, or together to one.</summary>
[Rule("has(self.storeRef) && (has(self.storeRef.name) || has(self.storeRef.labelSelector))", "storeRef must specify either name or labelSelector")]
[Rule("!has(self.remoteKey) || !has(self.rewrite) || size(self.rewrite) == 0", "remoteKey and rewrite are mutually exclusive: rewrite is only supported in per-key mode (without remoteKey)")]
public sealed record PushSecretDataTo
{
    /// <summary>One of secretStoreRefs.</summary>
    public PushSecretStoreRef? StoreRef { get; init; }

    /// <summary>Push all matched items as one JSON object to this key.</summary>
    public string? RemoteKey { get; init; }

    /// <summary>All items when absent.</summary>
    public PushSecretDataToMatch? Match { get; init; }

    /// <summary>Changes of the keys, one after the other.</summary>
    public IReadOnlyList<PushSecretRewrite>? Rewrite { get; init; }

    /// <summary>What the provider is told besides the values; its fields are the provider's.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>None (the default), or ReverseUnicode to undo _U1a2b_ in keys.</summary>
    [Values(ExternalSecrets.ConversionStrategy.None, ExternalSecrets.ConversionStrategy.ReverseUnicode)]
    [Schema(Nullable = true)]
    public string? ConversionStrategy { get; init; }
}
