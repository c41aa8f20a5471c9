using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>The <c>metadata</c> of a PushSecret's entry: what goes with a value.</summary>
internal sealed record KeyVaultWishes
{
    private const string Version = "kubernetes.external-secrets.io/v1alpha1";
    private const string KindName = "PushSecretMetadata";

    public string? ApiVersion { get; init; }
    public string? Kind { get; init; }
    public Wishes? Spec { get; init; }

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: it is not what it must be.</exception>
    public static Wishes Read(JsonElement? metadata)
    {
        if (metadata is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } written) return new Wishes();
        var read = StoreOptions.Read("metadata", written, KeyVaultWishesJson.Default.KeyVaultWishes);
        if (read.ApiVersion != Version || read.Kind != KindName) throw new ProviderException(ProviderFailureKind.Invalid, $"metadata must have apiVersion {Version} and kind {KindName}");
        var wishes = read.Spec ?? new Wishes();
        if (wishes.Tags?.ContainsKey(KeyVaultFacts.OwnerTag) == true) throw new ProviderException(ProviderFailureKind.Invalid, $"metadata.spec.tags cannot have the tag {KeyVaultFacts.OwnerTag}, which says whose the object is");
        _ = wishes.Expires;
        return wishes;
    }

    internal sealed record Wishes
    {
        /// <summary>As RFC 3339 has it. Certificates have their own.</summary>
        public string? ExpirationDate { get; init; }

        /// <summary>Of secrets only.</summary>
        public string? ContentType { get; init; }

        [JsonConverter(typeof(StringMapConverter))]
        public SortedDictionary<string, string>? Tags { get; init; }

        /// <summary>In seconds of the epoch; null for never.</summary>
        [JsonIgnore]
        public long? Expires => string.IsNullOrEmpty(ExpirationDate) ? null
            : DateTimeOffset.TryParseExact(ExpirationDate, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUnixTimeSeconds()
            : throw new ProviderException(ProviderFailureKind.Invalid, "metadata.spec.expirationDate must be a time as in 2027-12-31T20:00:00Z");
    }
}
