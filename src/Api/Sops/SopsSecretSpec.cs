using System.Text.Json;

namespace GitOpsSecrets.Api.Sops;

public sealed record SopsSecretSpec
{
    /// <summary>A list of templates (name, labels, annotations, type, data, stringData), their values encrypted by SOPS: kept as it came.</summary>
    public JsonElement? SecretTemplates { get; init; }

    /// <summary>The text of a file that SOPS encrypted, holding Secrets or SopsSecrets. Ours.</summary>
    public string? Document { get; init; }

    /// <summary>Of <see cref="Document"/>: <c>yaml</c> (also when absent) or <c>json</c>. Ours.</summary>
    public string? Format { get; init; }

    /// <summary>Where the private keys are. Ours; shaped like that of Flux.</summary>
    public SopsDecryption? Decryption { get; init; }

    /// <summary>Leave the Secrets as they are.</summary>
    public bool? Suspend { get; init; }

    /// <summary>Take over Secrets that exist already; <c>null</c> for the controller's default.</summary>
    public bool? EnforceOwnership { get; init; }
}
