namespace GitOpsSecrets.Api.Schema;

/// <summary>The field holds the name of a namespace, or each of its items does: a DNS label.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NamespaceNameAttribute : Attribute
{
    public const int MaxLength = 63;
    public const string Pattern = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
}
