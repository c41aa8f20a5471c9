using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>What is said about SopsSecrets: names, reasons, counts; never a value.</summary>
internal static partial class SopsLog
{
    [LoggerMessage(LogLevel.Information, "SopsSecret {Key}: {Secrets} Secrets decrypted")]
    public static partial void Decrypted(ILogger logger, NamespacedName key, int secrets);

    [LoggerMessage(LogLevel.Warning, "SopsSecret {Key}: {Reason}")]
    public static partial void Failed(ILogger logger, NamespacedName key, string reason);

    [LoggerMessage(LogLevel.Warning, "SopsSecret {Key}: status not written (HTTP {Code} {Reason})")]
    public static partial void StatusNotWritten(ILogger logger, NamespacedName key, int code, string reason);

    [LoggerMessage(LogLevel.Warning, "the SopsSecret CRD of this cluster drops status.observedHash; apply ours, or every restart decrypts everything again")]
    public static partial void FieldsAreDropped(ILogger logger);
}
