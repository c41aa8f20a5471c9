using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.Controller.External.Target;

/// <summary>What an ExternalSecret wants of its Secret, before anybody has looked at the one in the cluster.</summary>
/// <param name="Namespace">Of both.</param>
/// <param name="SourceName">Name of the ExternalSecret.</param>
/// <param name="SourceUid">Its UID.</param>
/// <param name="Name">Name of the Secret.</param>
/// <param name="CreationPolicy"><c>spec.target.creationPolicy</c>.</param>
/// <param name="Immutable"><c>spec.target.immutable</c>.</param>
/// <param name="Rendered">What the template made of the values; its maker disposes it.</param>
internal sealed record TargetDraft(string Namespace, string SourceName, string SourceUid, string Name, string CreationPolicy, bool Immutable, RenderedTarget Rendered)
{
    /// <summary>Whether the values are those of before, and only what was touched is put right.</summary>
    public bool IsMending { get; init; }

    public override string ToString() => $"{Namespace}/{Name}";
}
