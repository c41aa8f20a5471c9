namespace GitOpsSecrets.Api.Schema;

/// <summary>A rule in CEL that the value must fulfil. API servers before 1.25 do not know such rules and ignore them.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RuleAttribute(string rule, string? message = null) : Attribute
{
    public string Rule { get; } = rule;
    public string? Message { get; } = message;
}
