namespace GitOpsSecrets.Api.ExternalSecrets;

public static class DeletionPolicy
{
    /// <summary>Delete the Secret when the provider has none of its values any more.</summary>
    public const string Delete = "Delete";

    /// <summary>Remove the keys whose values are gone.</summary>
    public const string Merge = "Merge";

    /// <summary>Keep the Secret as it is. The default.</summary>
    public const string Retain = "Retain";
}
