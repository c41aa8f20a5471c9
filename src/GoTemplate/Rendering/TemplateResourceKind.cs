namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>Objects of the namespace that hold templates.</summary>
public enum TemplateResourceKind
{
    ConfigMap,
    Secret,
}
