namespace GitOpsSecrets.Providers.Google;

/// <summary>An access token, and when it ends.</summary>
internal sealed record GoogleToken(string Value, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(4);

    /// <summary>Not in its last minutes, in which a call could outlast it; of a short life not in its last quarter.</summary>
    public bool IsUsable(DateTimeOffset now)
    {
        var quarter = (ExpiresAt - IssuedAt) / 4;
        return now < ExpiresAt - (quarter < Margin ? quarter : Margin);
    }

    public override string ToString() => $"token until {ExpiresAt:O}";
}
