using GitOpsSecrets.Sops.Keys;
using GitOpsSecrets.Sops.Rules;

namespace GitOpsSecrets.Sops;

/// <summary>How to encrypt a new file.</summary>
/// <param name="KeyGroups">Whom to encrypt to. Several groups share the data key.</param>
/// <param name="ShamirThreshold">Groups needed to open, 2 up to their number; 0 for all of them. Of no use with one group.</param>
/// <param name="Rule">Which values to encrypt.</param>
/// <param name="MacOnlyEncrypted">Leave clear values out of the MAC, so that they can be edited without the key.</param>
public sealed record SealingOptions(
    IReadOnlyList<KeyGroup> KeyGroups,
    int ShamirThreshold = 0,
    SelectionRule? Rule = null,
    bool MacOnlyEncrypted = false);
