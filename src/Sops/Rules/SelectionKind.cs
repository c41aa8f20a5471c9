namespace GitOpsSecrets.Sops.Rules;

/// <summary>The six ways to say which values are encrypted. A file uses one.</summary>
public enum SelectionKind
{
    UnencryptedSuffix,
    EncryptedSuffix,
    UnencryptedRegex,
    EncryptedRegex,
    UnencryptedCommentRegex,
    EncryptedCommentRegex,
}
