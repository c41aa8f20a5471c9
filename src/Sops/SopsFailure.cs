namespace GitOpsSecrets.Sops;

/// <summary>Why a SOPS file cannot be read, opened or changed. Each has its own cure.</summary>
public enum SopsFailure
{
    /// <summary>Not valid text of its format, or of the part of the format that is safe: duplicate keys, anchors and tags in sealed files.</summary>
    Malformed,

    /// <summary>Beyond a limit of <see cref="SopsLimits"/>.</summary>
    Limit,

    /// <summary>There is no <c>sops</c> block: a plain file.</summary>
    NotSealed,

    /// <summary>There is a <c>sops</c> block already: a sealed file where a plain one is due.</summary>
    AlreadySealed,

    /// <summary>The <c>sops</c> block is incomplete or contradicts itself.</summary>
    Metadata,

    /// <summary>A selection or creation rule cannot be followed, such as a regular expression outside the supported dialect.</summary>
    Rule,

    /// <summary>No key that was offered opens the data key, or too few groups do.</summary>
    NoKey,

    /// <summary>A wrapped data key was opened but is not one, or its shares do not combine.</summary>
    DataKey,

    /// <summary>A service that keeps a key did not answer, for now, and no other key opens the file.</summary>
    Unavailable,

    /// <summary>An encrypted value is malformed or not authentic: changed, moved from another key, or sealed with another data key.</summary>
    Value,

    /// <summary>A value that must be encrypted stands there in clear.</summary>
    Plaintext,

    /// <summary>All values open, but the document is not the one that was sealed.</summary>
    Mac,

    /// <summary>The document cannot be expressed in this format, or a path leads nowhere.</summary>
    Content,
}
