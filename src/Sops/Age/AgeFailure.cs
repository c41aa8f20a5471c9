namespace GitOpsSecrets.Sops.Age;

/// <summary>What is wrong with an age file, key or recipient. Only <see cref="NoMatch"/> may be cured by offering another identity.</summary>
public enum AgeFailure
{
    /// <summary>The ASCII armor is not in its one canonical form.</summary>
    Armor,

    /// <summary>The header is malformed, or a stanza of a known type is.</summary>
    Header,

    /// <summary>No identity opens any stanza.</summary>
    NoMatch,

    /// <summary>A file key was found, but the header is not the one that was written with it.</summary>
    Mac,

    /// <summary>The payload was changed, cut or extended.</summary>
    Payload,

    /// <summary>The text is not an identity (private key) that is understood.</summary>
    Identity,

    /// <summary>The text is not a recipient (public key) that is understood.</summary>
    Recipient,

    /// <summary>Beyond a limit of <see cref="AgeLimits"/>.</summary>
    Limit,
}
