namespace GitOpsSecrets.Providers.Azure;

/// <summary>An access token that a login gave.</summary>
internal sealed record AzureToken(string Value, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    // A call may take that long.
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(30);

    /// <summary>Whether there is no need for another yet.</summary>
    public bool IsFresh(DateTimeOffset now)
    {
        var quarter = (ExpiresAt - IssuedAt) / 4;
        return now < ExpiresAt - (quarter < Early ? quarter : Early);
    }

    /// <summary>Whether it still does where no other can be had.</summary>
    public bool IsUsable(DateTimeOffset now) => now < ExpiresAt - Late;

    public override string ToString() => "an Azure token";
}
