using GitOpsSecrets.Deploy.Tests.Manifests;

namespace GitOpsSecrets.Deploy.Tests.Kustomize;

/// <summary>The folders under deploy/kustomize, rendered by the kustomize inside kubectl.</summary>
internal static class Kustomization
{
    public const string Base = "deploy/kustomize/base";
    public const string Example = "deploy/kustomize/overlays/example";
    public const string Namespaced = "deploy/kustomize/overlays/namespaced";
    public const string SealedSecrets = "deploy/kustomize/overlays/sealed-secrets";
    public const string ExternalSecrets = "deploy/kustomize/overlays/external-secrets";

    public static ManifestSet Render(string folder)
    {
        Kubectl.Require();
        return ManifestSet.Parse(Kubectl.Succeed("kustomize", Repository.PathOf(folder)));
    }
}
