namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>A ConfigMap or Secret that <c>templateFrom</c> names, in the namespace of the object that holds the template.</summary>
public readonly record struct TemplateResource(TemplateResourceKind Kind, string Name)
{
    /// <summary>As messages have it: <c>configMap templates</c>.</summary>
    public override string ToString() => $"{(Kind == TemplateResourceKind.ConfigMap ? "configMap" : "secret")} {Name}";
}
