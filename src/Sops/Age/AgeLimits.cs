namespace GitOpsSecrets.Sops.Age;

/// <summary>Bounds on what a stranger's file may cost.</summary>
/// <param name="MaxFileBytes">Length of an age file, armored or not.</param>
/// <param name="MaxHeaderBytes">Length of the header. A hybrid stanza takes 1.6 KB.</param>
/// <param name="MaxStanzas">Recipient stanzas in one header.</param>
/// <param name="MaxScryptLogN">Work factor of a passphrase: 18 costs 256 MiB and some seconds, each step doubles both. 0 refuses passphrases.</param>
public sealed record AgeLimits(
    int MaxFileBytes = 64 * 1024 * 1024,
    int MaxHeaderBytes = 256 * 1024,
    int MaxStanzas = 128,
    int MaxScryptLogN = 18)
{
    public static AgeLimits Default { get; } = new();
}
