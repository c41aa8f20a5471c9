namespace GitOpsSecrets.Api.Schema;

/// <summary>The field holds the key of an item of a Secret or ConfigMap.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemKeyAttribute : Attribute
{
    public const int MaxLength = 253;
    public const string Pattern = "^[-._a-zA-Z0-9]+$";
}
