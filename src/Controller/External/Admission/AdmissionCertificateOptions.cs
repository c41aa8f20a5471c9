using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Admission;

/// <param name="Folder">Where somebody else (cert-manager) keeps tls.crt and tls.key; null to make our own.</param>
/// <param name="Secret">Where our own lies.</param>
/// <param name="Names">The DNS names of our own.</param>
/// <param name="Configurations">The ValidatingWebhookConfigurations that are told whom to trust.</param>
internal sealed record AdmissionCertificateOptions(string? Folder, NamespacedName Secret, IReadOnlyList<string> Names, IReadOnlyList<string> Configurations);
