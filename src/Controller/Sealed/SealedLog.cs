using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>What is said about SealedSecrets and their keys: names, fingerprints, reasons; never a value.</summary>
internal static partial class SealedLog
{
    [LoggerMessage(LogLevel.Information, "{Key}: unsealed")]
    public static partial void Unsealed(ILogger logger, NamespacedName key);

    [LoggerMessage(LogLevel.Warning, "{Key}: {Reason} ({Label})")]
    public static partial void Failed(ILogger logger, NamespacedName key, string reason, string label);

    [LoggerMessage(LogLevel.Warning, "{Key}: status not written (HTTP {Code} {Reason})")]
    public static partial void StatusNotWritten(ILogger logger, NamespacedName key, int code, string reason);

    [LoggerMessage(LogLevel.Warning, "the CRD of this cluster drops status.observedHash, whose place a condition takes, and status.sealingKeys; apply ours to see which key opens what")]
    public static partial void FieldsAreDropped(ILogger logger);

    [LoggerMessage(LogLevel.Information, "key Secret {Secret}: sealing key {Fingerprint} is in use")]
    public static partial void KeyTaken(ILogger logger, NamespacedName secret, string fingerprint);

    [LoggerMessage(LogLevel.Information, "key Secret {Secret}: gone or no longer active")]
    public static partial void KeyGone(ILogger logger, NamespacedName secret);

    [LoggerMessage(LogLevel.Error, "key Secret {Secret} cannot be used and is skipped: {Why}")]
    public static partial void KeyRejected(ILogger logger, NamespacedName secret, string why);

    [LoggerMessage(LogLevel.Information, "making a new sealing key")]
    public static partial void KeyDue(ILogger logger);

    [LoggerMessage(LogLevel.Information, "new sealing key {Fingerprint} in Secret {Secret}")]
    public static partial void KeyMade(ILogger logger, string fingerprint, NamespacedName secret);

    [LoggerMessage(LogLevel.Error, "no new sealing key ({Failure}); next try in {Milliseconds} ms")]
    public static partial void KeyNotMade(ILogger logger, string failure, long milliseconds);

    [LoggerMessage(LogLevel.Warning, "the certificate of sealing key {Fingerprint} expires at {NotAfter}")]
    public static partial void CertificateExpires(ILogger logger, string fingerprint, string notAfter);
}
