using System.Globalization;

namespace GitOpsSecrets.LocalCluster;

/// <summary>Times as the API writes them: RFC 3339, UTC, whole seconds.</summary>
internal static class Timestamps
{
    public static string Seconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
