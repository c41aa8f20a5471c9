using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.SopsKeys;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>
/// Keys that Vault and clouds keep, asked with the user's own rights: variables, the files of the services' own tools, the machine's identity, as the
/// original does. Nothing is made or read before a file needs such a key.
/// </summary>
internal static class CloudKeys
{
    public static void AddTo(SopsKeyringBuilder builder)
    {
        foreach (var kind in KeyServiceCatalog.All) builder.Add(kind.Source(Context));
    }

    public static bool Knows(string kind) => KeyServiceCatalog.Knows(kind);

    private static KeyServiceContext Context()
    {
        var variables = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
        var credentials = new KeyServiceCredentials
        {
            Variables = variables,
            HomeFolder = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
            MayUseSurroundings = true,
            TrustsAddresses = true,
        };
        return new KeyServiceContext(credentials, new ProviderHttp(new ProviderHttpOptions { AllowLinkLocal = true }, TimeProvider.System), new UncountedCalls(), TimeProvider.System);
    }
}
