namespace GitOpsSecrets.Sealing;

/// <summary>Why something could not be sealed, or a key or certificate not be used.</summary>
public enum SealingFailureKind
{
    /// <summary>The text holds no certificate at all.</summary>
    NoCertificate,

    /// <summary>The text holds no private key at all.</summary>
    NoPrivateKey,

    /// <summary>There is a certificate or key, but its bytes do not follow their format.</summary>
    Malformed,

    /// <summary>A key of another kind than RSA, an encrypted one, or an RSA key of a size we do not use.</summary>
    UnsupportedKey,

    /// <summary>The certificate's notAfter has passed.</summary>
    ExpiredCertificate,

    /// <summary>The certificate belongs to another private key.</summary>
    MismatchedCertificate,

    /// <summary>The Secret has no name.</summary>
    MissingName,

    /// <summary>The scope needs a namespace and the Secret has none.</summary>
    MissingNamespace,

    /// <summary>More bytes than Kubernetes accepts in a Secret.</summary>
    TooLarge,
}
