using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>One pushing of one PushSecret that is due.</summary>
/// <param name="Mark">Hash of what it is made from.</param>
/// <param name="Editions">Of its generator; empty when there is none, or that is not known.</param>
/// <param name="Now">When it began.</param>
internal sealed record PushPass(PushSecret Source, IReadOnlyList<Store> Targets, PushOrigin Origin, string Mark, string Editions, DateTimeOffset Now)
{
    public NamespacedName Key => ExternalKinds.PushSecrets.Key(Source);

    public bool IsDelete => Source.Spec.EffectiveDeletionPolicy == PushSecretSpec.Delete;

    public bool IsIfNotExists => Source.Spec.EffectiveUpdatePolicy == PushSecretSpec.IfNotExists;

    public static double SpreadOf(PushSecret source) => RefreshPlan.Spread(source.Metadata.Uid ?? "");

    /// <summary>Which edition of an item lies at a place.</summary>
    public string Version => $"{Source.Metadata.Generation} {Mark}";
}
