using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>An SSH key pair.</summary>
[GeneratorKind(GeneratorKinds.SshKey)]
public sealed record SshKeySpec
{
    public const string Rsa = "rsa";
    public const string Ecdsa = "ecdsa";
    public const string Ed25519 = "ed25519";

    /// <summary>rsa by default.</summary>
    [Values(Rsa, Ecdsa, Ed25519)]
    [Schema(Nullable = true)]
    public string? KeyType { get; init; }

    /// <summary>Bits: 2048 by default for rsa, 256 for ecdsa.</summary>
    [Schema(Format = "", Minimum = 256, Maximum = 8192)]
    public int? KeySize { get; init; }

    public string? Comment { get; init; }

    [JsonIgnore]
    public string EffectiveKeyType => string.IsNullOrEmpty(KeyType) ? Rsa : KeyType;
}
