using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>One Secret that a SopsSecret declares, in clear.</summary>
/// <param name="Secret">Name, labels, annotations, type and items; no namespace.</param>
/// <param name="Place">Where its author wants it, as far as that is authentic; <c>null</c> when it does not say.</param>
internal sealed record DeclaredSecret(Secret Secret, SopsPlace? Place)
{
    public override string ToString() => Secret.ToString();
}
