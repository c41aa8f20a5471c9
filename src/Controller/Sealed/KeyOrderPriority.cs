namespace GitOpsSecrets.Controller.Sealed;

/// <summary>Which time says how new a sealing key is; the newest one seals.</summary>
internal enum KeyOrderPriority
{
    /// <summary>The start of the certificate's validity.</summary>
    CertNotBefore,

    /// <summary>The creation of the key Secret.</summary>
    SecretCreationTimestamp,
}
