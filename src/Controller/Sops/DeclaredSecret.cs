using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>One Secret that a SopsSecret declares, in clear.</summary>
/// <param name="Secret">Name, labels, annotations, type and items; no namespace.</param>
/// <param name="Place">Where it says that it belongs; <c>null</c> when it does not say.</param>
/// <param name="IsBound">Whether that was encrypted, so that nobody but its author can have said it.</param>
internal sealed record DeclaredSecret(Secret Secret, SopsPlace? Place, bool IsBound)
{
    public override string ToString() => Secret.ToString();
}
