namespace GitOpsSecrets.Api.Sops;

/// <summary>Names that users' manifests depend on.</summary>
public static class SopsSecretAnnotations
{
    /// <summary>On an existing Secret: it may be overwritten though it is not ours. The original's.</summary>
    public const string Managed = "sopssecret/managed";

    /// <summary>
    /// In the metadata inside an encrypted text: the SopsSecrets that may hold it, <c>namespace/name</c>, <c>namespace/*</c> or <c>*</c>.
    /// Without it the text stays where its own metadata says.
    /// </summary>
    public const string BoundTo = "gitopssecrets.io/bound-to";

    /// <summary>In a template, encrypted like the rest of it: the same.</summary>
    public const string BoundToField = "boundTo";
}
