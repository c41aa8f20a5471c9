using System.Globalization;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>Which of two versions of an object is the later one.</summary>
internal static class ResourceVersions
{
    /// <summary>They are numbers on every API server there is; where they were not, any other one counts as newer.</summary>
    public static bool IsNewer(string version, string? than)
    {
        if (than is null) return true;
        return ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var left) && ulong.TryParse(than, NumberStyles.None, CultureInfo.InvariantCulture, out var right)
            ? left > right
            : version != than;
    }
}
