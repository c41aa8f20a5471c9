namespace GitOpsSecrets.Controller.Notifications;

/// <summary>Credentials in mounted files: read for each use, so that a new one counts at once and none stays in memory.</summary>
internal static class CredentialText
{
    /// <exception cref="NotificationException">The file cannot be read.</exception>
    public static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return (await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false)).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new NotificationException($"{path}: cannot be read ({failure.GetType().Name})", isFinal: false);
        }
    }
}
