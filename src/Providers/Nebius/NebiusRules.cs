using System.Text.RegularExpressions;
using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Nebius;

/// <summary>What a store of Nebius MysteryBox must keep to: pure.</summary>
internal static partial class NebiusRules
{
    public const string Root = "spec.provider.nebiusmysterybox";

    public static IEnumerable<string> Problems(StoreDescription store, NebiusStore options)
    {
        if (string.IsNullOrWhiteSpace(options.ApiDomain)) yield return $"{Root}.apiDomain is required";
        else if (!IsDomain(options.ApiDomain.Trim())) yield return $"{Root}.apiDomain must be a domain, such as api.nebius.cloud, with a port where that is not 443, and no address";
        var (token, account) = (Named(options.Auth.TokenSecretRef), Named(options.Auth.ServiceAccountCredsSecretRef));
        if (!token && !account) yield return $"{Root}.auth: none of tokenSecretRef and serviceAccountCredsSecretRef is set";
        if (token && account) yield return $"{Root}.auth: exactly one of tokenSecretRef and serviceAccountCredsSecretRef must be specified";
        if (token) foreach (var problem in SelectorRules.Problems(store, Root + ".auth.tokenSecretRef", options.Auth.TokenSecretRef)) yield return problem;
        if (account) foreach (var problem in SelectorRules.Problems(store, Root + ".auth.serviceAccountCredsSecretRef", options.Auth.ServiceAccountCredsSecretRef)) yield return problem;
        if (options.CaProvider is { CertSecretRef: null }) yield return $"{Root}.caProvider.certSecretRef is required";
        foreach (var problem in SelectorRules.Problems(store, Root + ".caProvider.certSecretRef", options.CaProvider?.CertSecretRef)) yield return problem;
    }

    private static bool Named(Api.SecretKeySelector? selector) => !string.IsNullOrEmpty(selector?.Name);

    private static bool IsDomain(string domain) => Domain().IsMatch(domain) && Uri.TryCreate($"https://{domain}/", UriKind.Absolute, out var address) && address.Host.Length <= 253;

    [GeneratedRegex(@"\A([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?![0-9]+(:|\z))[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(:[0-9]{1,5})?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Domain();
}
