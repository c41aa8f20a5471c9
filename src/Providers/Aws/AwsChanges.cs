using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>
/// Which keys of a store name a secret that changed. Secrets Manager knows each by a name, by its ARN, which is the name with a hyphen and six characters behind it, and by the ARN without those;
/// events have any of the three. Pure.
/// </summary>
internal static class AwsChanges
{
    private const int Suffix = 7;
    private const string InSecretsManager = ":secret:";
    private const string InParameterStore = ":parameter/";

    public static ChangedSecret? Recognize(AwsStore store, RemoteChange change)
    {
        if (change.Part is { } part && part != store.Service) return null;
        if (change.Region is { } region && region != store.Region) return null;
        var prefix = store.Prefix ?? "";
        return store.Service switch
        {
            AwsStore.ParameterStoreService => Parameter(change.Key, prefix),
            // Events have the address only: who names a certificate by its tag hears of it at the next refresh.
            AwsStore.CertificateManagerService => ChangedSecret.Of(change.Key),
            _ => Secret(change.Key, prefix),
        };
    }

    private static ChangedSecret Secret(string key, string prefix)
    {
        var names = Names(key);
        return new ChangedSecret(names[^1], named =>
        {
            var full = prefix + named;
            // What a tool of its own tells is a key as ExternalSecrets have it, without the prefix of the store.
            return named == key || Names(full).Intersect(names, StringComparer.Ordinal).Any();
        });
    }

    /// <summary>What a name or ARN may stand for; the shortest last. A name that ends like an ARN's suffix is taken for both: one refresh too many does no harm.</summary>
    private static string[] Names(string id)
    {
        var at = id.StartsWith("arn:", StringComparison.Ordinal) ? id.IndexOf(InSecretsManager, StringComparison.Ordinal) : -1;
        if (at < 0) return [id];
        var name = id[(at + InSecretsManager.Length)..];
        return name.Length > Suffix && name[^Suffix] == '-' ? [name, name[..^Suffix]] : [name];
    }

    private static ChangedSecret Parameter(string key, string prefix)
    {
        var name = ParameterName(key);
        return new ChangedSecret(name, named => named == key || ParameterName(prefix + named).TrimStart('/') == name.TrimStart('/'));
    }

    /// <summary>An ARN has no second slash for a name that begins with one.</summary>
    private static string ParameterName(string id)
    {
        var at = id.StartsWith("arn:", StringComparison.Ordinal) ? id.IndexOf(InParameterStore, StringComparison.Ordinal) : -1;
        return at < 0 ? id : id[(at + InParameterStore.Length)..];
    }
}
