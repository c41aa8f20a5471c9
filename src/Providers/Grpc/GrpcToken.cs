namespace GitOpsSecrets.Providers.Grpc;

/// <summary>What a login gave.</summary>
/// <param name="RenewAt">A little before its end; null for one that is there until it is refused.</param>
internal sealed record GrpcToken(string Value, DateTimeOffset? RenewAt)
{
    /// <summary>Renewed when a tenth of its life is left.</summary>
    public static GrpcToken Lasting(string value, long seconds, DateTimeOffset start) => new(value, start.AddSeconds(Math.Clamp(seconds, 0, 365 * 24 * 3600) * 0.9));

    public override string ToString() => $"token until {RenewAt:O}";
}
