namespace GitOpsSecrets.Api.Schema;

/// <summary>The record is the spec of a kind of generator, which has a definition (CRD).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class GeneratorKindAttribute(string kind) : Attribute
{
    public string Kind { get; } = kind;
}
