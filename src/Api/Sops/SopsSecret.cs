using System.Text.Json;

namespace GitOpsSecrets.Api.Sops;

/// <summary>
/// An <c>isindir.github.com</c> SopsSecret: Secrets that SOPS encrypted. Either a manifest that SOPS encrypted in place, its metadata in
/// <see cref="Sops"/>, or (<see cref="SopsSecretSpec.Document"/>) the text of an encrypted file, whole, so that its MAC can be verified.
/// </summary>
public sealed record SopsSecret
{
    public const string SopsSecretKind = "SopsSecret";
    public const string Group = "isindir.github.com";
    public const string Version = "v1alpha3";
    public const string Plural = "sopssecrets";
    public const string GroupVersion = Group + "/" + Version;

    public string? Kind { get; init; } = SopsSecretKind;
    public string? ApiVersion { get; init; } = GroupVersion;

    /// <summary>Never <c>null</c>, also when the text has none: a source-generated reader assigns what is missing as null.</summary>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>Never <c>null</c>, as above.</summary>
    public SopsSecretSpec Spec { get; init => field = value ?? new(); } = new();

    /// <summary>The metadata of SOPS, as it came: recipients with their copies of the data key, selection rule, MAC.</summary>
    public JsonElement? Sops { get; init; }

    public SopsSecretStatus? Status { get; init; }
}
