namespace GitOpsSecrets.Controller.External.Admission;

internal static partial class AdmissionLog
{
    [LoggerMessage(LogLevel.Information, "the certificate of the admission webhook was made and stored in {Secret}")]
    public static partial void CertificateMade(ILogger logger, string secret);

    [LoggerMessage(LogLevel.Information, "the API server was told by {Configuration} to trust the admission webhook")]
    public static partial void AuthorityTold(ILogger logger, string configuration);

    [LoggerMessage(LogLevel.Warning, "the certificate of the admission webhook could not be looked after: {What} failed ({Failure}){Remedy}")]
    public static partial void CertificateFailed(ILogger logger, string what, string failure, string remedy);
}
