using System.Globalization;

namespace GitOpsSecrets.Controller.Runtime;

/// <summary>
/// Which of two versions of an object is older. They are numbers on every API server there is, and documented as comparable since 1.35.
/// Where they were not, only the very version would count.
/// </summary>
internal static class ResourceVersion
{
    /// <param name="cached">What a watch shows; <c>null</c> for nothing yet.</param>
    /// <param name="written">What a write returned; <c>null</c> for no write, before which nothing is.</param>
    public static bool IsBefore(string? cached, string? written)
    {
        if (written is null) return false;
        if (cached is null) return true;
        return ulong.TryParse(cached, NumberStyles.None, CultureInfo.InvariantCulture, out var left)
            && ulong.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var right)
                ? left < right
                : cached != written;
    }
}
