using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Passbolt;

/// <summary>What a store of Passbolt must keep to: pure.</summary>
internal static class PassboltRules
{
    public const string Root = "spec.provider.passbolt";

    public static IEnumerable<string> Problems(StoreDescription store, PassboltStore options)
    {
        if (!Uri.TryCreate(options.Host, UriKind.Absolute, out var host) || host.Scheme != Uri.UriSchemeHttps) yield return $"{Root}.host must be an https address";
        foreach (var problem in SelectorRules.Problems(store, Root + ".auth.passwordSecretRef", options.Auth.PasswordSecretRef)) yield return problem;
        foreach (var problem in SelectorRules.Problems(store, Root + ".auth.privateKeySecretRef", options.Auth.PrivateKeySecretRef)) yield return problem;
    }
}
