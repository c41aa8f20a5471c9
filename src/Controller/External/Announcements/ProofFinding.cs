namespace GitOpsSecrets.Controller.External.Announcements;

/// <param name="IsGenuine">Whether the request is the source's own.</param>
/// <param name="Id">By which a second one of it is known; null when it has none.</param>
/// <param name="Until">Until when a second one would be genuine too.</param>
internal readonly record struct ProofFinding(bool IsGenuine, string? Id = null, DateTimeOffset Until = default)
{
    public static ProofFinding Refused => default;

    public static ProofFinding Genuine => new(true);
}
