using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>A hash over the versions of all that a PushSecret is pushed from and to: while it stays, there is nothing to push.</summary>
internal sealed class PushMarks(ExternalCaches shared)
{
    public string Of(PushSecret source, IReadOnlyList<Store> targets, PushOrigin origin)
    {
        var ns = source.Metadata.Namespace ?? "";
        var stores = targets.Select(store => $"{store.Identity} {store.Metadata.Uid} {store.Metadata.Generation} {string.Join(',', PushStores.LabelsOf(store))}");
        var templates = (source.Spec.Template is { } template ? TemplateRules.Resources(template) : [])
            .Select(resource => $"{resource} {shared.VersionOf(new ClusterRecord(resource.Kind == TemplateResourceKind.Secret, new NamespacedName(ns, resource.Name), null))}");
        return ExternalMark.Hash([origin.Mark, .. stores, .. templates]);
    }
}
