using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>When a certificate counts as about to expire. The controller goes on serving it; kubeseal will refuse it.</summary>
internal static class CertificateExpiry
{
    public static bool IsSoon(SealingCertificate certificate, TimeSpan warning, DateTimeOffset now) => certificate.NotAfter - now <= warning;
}
