using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Providers.SopsKeys;

/// <summary>Every kind of key service there is: one line each.</summary>
public static class KeyServiceCatalog
{
    /// <summary>Items of key Secrets that are credentials of a service, and no private keys, begin so.</summary>
    public const string ItemPrefix = "sops.";

    /// <summary>Variables that are settings of the place and no credentials, so that they count for tenants too.</summary>
    public static IReadOnlyList<string> Settings { get; } = [VaultTransitKeys.AuthoritiesVariable, .. AwsKmsKeys.Settings, .. GcpKmsKeys.Settings];

    public static IReadOnlyList<KeyServiceKind> All { get; } =
    [
        new(MasterKeyKind.AwsKms, AwsKmsKeys.CredentialsItem, context => new AwsKmsKeys(context)),
        new(MasterKeyKind.AzureKeyVault, AzureVaultKeys.CredentialsItem, context => new AzureVaultKeys(context)),
        new(MasterKeyKind.GcpKms, GcpKmsKeys.CredentialsItem, context => new GcpKmsKeys(context)),
        new(MasterKeyKind.VaultTransit, VaultTransitKeys.TokenItem, context => new VaultTransitKeys(context)),
    ];

    /// <summary>Whether entries of a kind are kept by a service that is known here.</summary>
    public static bool Knows(string kind) => All.Any(known => known.Name == kind);
}
