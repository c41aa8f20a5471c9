using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Target;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.Controller.External.Manifests;

/// <summary>What an ExternalSecret wants of its target, before anybody has looked at the one in the cluster.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Of the target.</param>
/// <param name="CreationPolicy"><c>spec.target.creationPolicy</c>.</param>
/// <param name="Immutable"><c>spec.target.immutable</c>; ConfigMaps alone can be.</param>
/// <param name="Rendered">What the template made of the values.</param>
internal sealed record ManifestDraft(TargetManifest Kind, TargetOwner Owner, string Name, string CreationPolicy, bool Immutable, RenderedManifest Rendered)
{
    /// <summary>Whether the values are those of before, and only what was touched is put right.</summary>
    public bool IsMending { get; init; }

    public bool IsConfigMap => Kind is { ApiVersion: "v1", Kind: "ConfigMap" };

    public override string ToString() => $"{Kind.Kind} {Owner.Namespace}/{Name}";
}
