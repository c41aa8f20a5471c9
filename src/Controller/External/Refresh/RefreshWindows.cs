namespace GitOpsSecrets.Controller.External.Refresh;

/// <summary><c>spec.syncWindows</c>: when periodic refreshes may happen. Edits, drift and first syncs are not held back.</summary>
internal sealed class RefreshWindows(bool allows, IReadOnlyList<RefreshWindow> windows)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>Without windows, always.</summary>
    public static RefreshWindows Always { get; } = new(allows: false, []);

    public bool IsOpen(DateTimeOffset now) => windows.Any(window => window.IsActive(now)) == allows;

    /// <summary>How long until a refresh may happen; null when that is not in sight.</summary>
    public TimeSpan? UntilOpen(DateTimeOffset now)
    {
        if (IsOpen(now)) return TimeSpan.Zero;
        var at = allows
            ? windows.Select(window => window.Opens(now)).Where(opens => opens is not null).Order().FirstOrDefault()
            // Another window may be open then; then it is asked again.
            : windows.Select(window => window.Closes(now)).Where(closes => closes is not null).Order().FirstOrDefault() + Margin;
        return at - now;
    }
}
