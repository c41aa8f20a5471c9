namespace GitOpsSecrets.Sops.Keys;

/// <summary>The kinds of keys that wrap a data key, by the names that their lists have in the <c>sops</c> block.</summary>
public static class MasterKeyKind
{
    public const string Age = "age";
    public const string Pgp = "pgp";
    public const string AwsKms = "kms";
    public const string GcpKms = "gcp_kms";
    public const string AzureKeyVault = "azure_kv";
    public const string VaultTransit = "hc_vault";
    public const string HuaweiKms = "hckms";

    internal static IReadOnlyList<string> All { get; } = [AwsKms, GcpKms, HuaweiKms, AzureKeyVault, VaultTransit, Age, Pgp];
}
