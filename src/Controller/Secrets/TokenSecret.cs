using GitOpsSecrets.Api;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.Controller.Secrets;

/// <summary>
/// A Secret of this type is an order: kube-controller-manager fills it in. To take that away would be a fight without end, in which nobody could use the token.
/// </summary>
internal static class TokenSecret
{
    private const string AccountUid = "kubernetes.io/service-account.uid";

    /// <summary>Whether there is what was filled in for the very account that is wanted. A token of another goes, and is made anew.</summary>
    public static bool IsFilledFor(Secret wanted, Secret there) =>
        wanted.Type == TemplateRules.ServiceAccountToken && there.Type == TemplateRules.ServiceAccountToken
        && wanted.Metadata.Annotation(TemplateRules.ServiceAccountName) == there.Metadata.Annotation(TemplateRules.ServiceAccountName);

    /// <summary>Names of items.</summary>
    public static bool IsFilledIn(string item) => item is "token" or "ca.crt" or "namespace";

    public static bool IsAnnotatedWith(string annotation) => annotation == AccountUid;

    /// <summary>When it was used last, or will be taken for unused.</summary>
    public static bool IsLabelledWith(string label) => label.StartsWith("kubernetes.io/legacy-token-", StringComparison.Ordinal);
}
