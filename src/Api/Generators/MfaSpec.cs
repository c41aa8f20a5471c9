using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>A one-time code (TOTP).</summary>
[GeneratorKind(GeneratorKinds.Mfa)]
public sealed record MfaSpec
{
    /// <summary>The shared secret, in base32.</summary>
    public required SecretKeySelector Secret { get; init; }

    /// <summary>Digits of the code; 6 by default.</summary>
    [Schema(Format = "")]
    public int? Length { get; init; }

    /// <summary>Seconds for which a code holds; 30 by default.</summary>
    [Schema(Format = "")]
    public int? TimePeriod { get; init; }

    /// <summary>sha1 by default.</summary>
    public string? Algorithm { get; init; }

    /// <summary>The time of the code, now by default: RFC 3339.</summary>
    [Schema(Format = "date-time")]
    public string? When { get; init; }
}
