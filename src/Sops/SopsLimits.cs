using GitOpsSecrets.Sops.Age;

namespace GitOpsSecrets.Sops;

/// <summary>Bounds on what a stranger's file may cost.</summary>
/// <param name="MaxBytes">Length of a file; the default is what Flux reads at most.</param>
/// <param name="MaxDepth">Nesting of maps and lists.</param>
/// <param name="MaxNodes">Maps, lists, scalars and comments of all documents together, after aliases are expanded.</param>
/// <param name="MaxMasterKeys">Wrapped copies of the data key in one file, over all groups.</param>
/// <param name="Age">Bounds on each wrapped copy that is an age file.</param>
public sealed record SopsLimits(
    int MaxBytes = 5 * 1024 * 1024,
    int MaxDepth = 64,
    int MaxNodes = 500_000,
    int MaxMasterKeys = 256,
    AgeLimits? Age = null)
{
    public static SopsLimits Default { get; } = new();

    /// <summary>For files of one's own, which the original does not bound at all.</summary>
    public static SopsLimits OwnFiles { get; } = new(MaxBytes: 256 * 1024 * 1024, MaxNodes: 10_000_000);

    /// <summary>A data key is 32 bytes and never needs a passphrase in a header: scrypt is off unless asked for.</summary>
    public AgeLimits AgeOrDefault => Age ?? new AgeLimits(MaxFileBytes: 512 * 1024, MaxScryptLogN: 0);
}
