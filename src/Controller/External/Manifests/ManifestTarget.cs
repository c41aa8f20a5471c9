using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.External.Manifests;

/// <summary>A target that is no Secret, as the API server has it at this moment.</summary>
/// <param name="Existing">Null when there is none.</param>
internal sealed record ManifestTarget(KubeResource Resource, JsonObject? Existing)
{
    public override string ToString() => $"{Resource}{(Existing is null ? ", not there" : "")}";
}
