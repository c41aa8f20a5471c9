using System.Globalization;
using global::Azure.Security.KeyVault.Certificates;
using global::Azure.Security.KeyVault.Secrets;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>What a vault says about an object: its tags and times. Pure.</summary>
internal sealed record KeyVaultFacts(IDictionary<string, string> Tags)
{
    private const string ManagedBy = "managed-by";
    private const string Us = "external-secrets";

    public static string OwnerTag => ManagedBy;

    public static string Owner => Us;

    public DateTimeOffset? Expires { get; init; }
    public DateTimeOffset? Created { get; init; }
    public DateTimeOffset? Updated { get; init; }
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Of secrets only.</summary>
    public string? ContentType { get; init; }

    /// <summary>Whether we wrote it.</summary>
    public bool IsOurs => Tags.TryGetValue(ManagedBy, out var owner) && owner == Us;

    /// <summary>The times under the names that the original gives them, as RFC 3339 has them.</summary>
    public IEnumerable<KeyValuePair<string, string>> Times
        => ((IEnumerable<(string Name, DateTimeOffset? Time)>)[("attribute.expires", Expires), ("attribute.created", Created), ("attribute.updated", Updated), ("attribute.notBefore", NotBefore)])
            .Where(fact => fact.Time is not null)
            .Select(fact => KeyValuePair.Create(fact.Name, fact.Time!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));

    public static KeyVaultFacts Of(SecretProperties secret)
        => new(secret.Tags) { Expires = secret.ExpiresOn, Created = secret.CreatedOn, Updated = secret.UpdatedOn, NotBefore = secret.NotBefore, ContentType = secret.ContentType };

    public static KeyVaultFacts Of(CertificateProperties certificate)
        => new(certificate.Tags) { Expires = certificate.ExpiresOn, Created = certificate.CreatedOn, Updated = certificate.UpdatedOn, NotBefore = certificate.NotBefore };

    /// <summary>Whether it has all of these tags.</summary>
    public bool Has(IEnumerable<KeyValuePair<string, string>> wanted) => wanted.All(tag => Tags.TryGetValue(tag.Key, out var value) && value == tag.Value);
}
