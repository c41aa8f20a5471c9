namespace GitOpsSecrets.Api.Sops;

/// <summary><c>spec.decryption</c>, as in a Kustomization of Flux.</summary>
public sealed record SopsDecryption
{
    /// <summary>Only <c>sops</c>.</summary>
    public string? Provider { get; init; }

    /// <summary>A Secret in the namespace of the object, with items <c>*.agekey</c> and <c>*.asc</c>.</summary>
    public SopsKeyReference? SecretRef { get; init; }
}
