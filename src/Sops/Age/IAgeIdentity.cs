namespace GitOpsSecrets.Sops.Age;

/// <summary>Something that can open files written to it: a private key or a passphrase.</summary>
public interface IAgeIdentity
{
    /// <returns>The file key, or null when no stanza is for this identity.</returns>
    /// <exception cref="AgeException"><see cref="AgeFailure.Header"/>: a stanza of this identity's type is malformed;
    /// <see cref="AgeFailure.Limit"/>: it asks for too much work.</exception>
    AgeFileKey? Unwrap(IReadOnlyList<AgeStanza> stanzas, AgeLimits limits);
}
