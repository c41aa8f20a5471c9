namespace GitOpsSecrets.Api.Schema;

/// <summary>The texts that a field may hold, or each item of a list.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValuesAttribute(params string[] values) : Attribute
{
    public IReadOnlyList<string> Values { get; } = values;
}
