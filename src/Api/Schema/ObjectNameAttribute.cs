namespace GitOpsSecrets.Api.Schema;

/// <summary>The field holds the name of a Kubernetes object: a DNS subdomain.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ObjectNameAttribute : Attribute
{
    public const int MaxLength = 253;
    public const string Pattern = @"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
}
