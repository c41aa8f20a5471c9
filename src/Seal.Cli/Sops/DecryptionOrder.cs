using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>Which kinds of keys are tried first: <c>--decryption-order</c>, else <c>$SOPS_DECRYPTION_ORDER</c>, else age and then OpenPGP.</summary>
internal static class DecryptionOrder
{
    private static readonly string[] Kinds =
    [
        MasterKeyKind.Age, MasterKeyKind.Pgp, MasterKeyKind.AwsKms, MasterKeyKind.GcpKms, MasterKeyKind.AzureKeyVault, MasterKeyKind.VaultTransit, MasterKeyKind.HuaweiKms,
    ];

    /// <exception cref="UsageException">A kind that is not there.</exception>
    public static IReadOnlyList<string> Of(ParsedFlags flags) =>
        flags.TextOrNull(SopsFlags.DecryptionOrder) is { } given ? Parse(given, "--" + SopsFlags.DecryptionOrder.Name)
        : PrivateKeys.Variable("SOPS_DECRYPTION_ORDER") is { } variable ? Parse(variable, "$SOPS_DECRYPTION_ORDER")
        : [];

    private static string[] Parse(string text, string place)
    {
        var kinds = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Array.Find(kinds, kind => !Kinds.Contains(kind, StringComparer.Ordinal)) is { } strange
            ? throw new UsageException($"{place}: {strange} is not a kind of key; there are {string.Join(", ", Kinds)}")
            : kinds;
    }
}
