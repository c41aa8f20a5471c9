namespace GitOpsSecrets.Providers;

/// <summary>A service account's token, and when it ends.</summary>
public sealed record ServiceAccountToken(string Token, DateTimeOffset ExpiresAt)
{
    public override string ToString() => $"token until {ExpiresAt:O}";
}
