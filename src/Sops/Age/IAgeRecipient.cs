namespace GitOpsSecrets.Sops.Age;

/// <summary>Something a file can be written to: a public key or a passphrase.</summary>
public interface IAgeRecipient
{
    /// <summary>Whether a recorded file stays closed to a quantum computer. Recipients that differ in this must not share a file.</summary>
    bool IsPostQuantum { get; }

    AgeStanza Wrap(AgeFileKey fileKey);
}
