using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>What goes with a pushed value.</summary>
internal sealed record KeyVaultWishes
{
    /// <summary>As RFC 3339 has it. Certificates have their own.</summary>
    public string? ExpirationDate { get; init; }

    /// <summary>Of secrets only.</summary>
    public string? ContentType { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Tags { get; init; }

    /// <summary>With the one that says whose the object is.</summary>
    [JsonIgnore]
    public IEnumerable<KeyValuePair<string, string>> AllTags => [new(KeyVaultFacts.OwnerTag, KeyVaultFacts.Owner), .. Tags ?? []];

    /// <summary>To the second, as vaults have it; null for never.</summary>
    [JsonIgnore]
    public DateTimeOffset? Expires => string.IsNullOrEmpty(ExpirationDate) ? null
        : DateTimeOffset.TryParseExact(ExpirationDate, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds())
        : throw new ProviderException(ProviderFailureKind.Invalid, "metadata.spec.expirationDate must be a time as in 2027-12-31T20:00:00Z");

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: they are not what they must be.</exception>
    public static KeyVaultWishes Read(JsonElement? metadata)
    {
        var wishes = PushMetadata<KeyVaultWishes>.Read(metadata, KeyVaultWishesJson.Default.Metadata);
        if (wishes.Tags?.ContainsKey(KeyVaultFacts.OwnerTag) == true) throw new ProviderException(ProviderFailureKind.Invalid, $"metadata.spec.tags cannot have the tag {KeyVaultFacts.OwnerTag}, which says whose the object is");
        _ = wishes.Expires;
        return wishes;
    }
}
