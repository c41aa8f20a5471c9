namespace GitOpsSecrets.Api.ExternalSecrets;

public static class MetadataPolicy
{
    public const string None = "None";

    /// <summary>Fetch the value's metadata (tags, labels) instead of the value.</summary>
    public const string Fetch = "Fetch";
}
