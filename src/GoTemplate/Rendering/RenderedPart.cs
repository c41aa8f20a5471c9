namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>Where in a Secret rendered entries land.</summary>
internal enum RenderedPart
{
    Data,
    Labels,
    Annotations,
}
