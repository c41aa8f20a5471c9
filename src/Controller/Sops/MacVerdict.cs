namespace GitOpsSecrets.Controller.Sops;

/// <summary>What is known of the whole, beside that each value is authentic.</summary>
internal enum MacVerdict
{
    /// <summary>The text is, byte for byte of its values, what its author encrypted.</summary>
    Verified,

    /// <summary>The MAC fits, but its author let it cover the encrypted values alone.</summary>
    OfEncryptedOnly,

    /// <summary>The API server keeps no order of keys, so there is nothing that the MAC could be computed over.</summary>
    Impossible,
}
