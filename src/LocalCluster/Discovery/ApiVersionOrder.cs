using System.Globalization;
using System.Text.RegularExpressions;

namespace GitOpsSecrets.LocalCluster.Discovery;

/// <summary>Kubernetes' order of versions: v2, v1, v2beta1, v1beta2, v1alpha1, then anything else by name.</summary>
internal static partial class ApiVersionOrder
{
    public static int Compare(string left, string right)
    {
        var (a, b) = (Rank(left), Rank(right));
        return a == b ? string.CompareOrdinal(left, right) : b.CompareTo(a);
    }

    private static (int Stability, int Major, int Minor) Rank(string version)
    {
        var match = Form().Match(version);
        if (!match.Success) return (0, 0, 0);
        var stability = match.Groups[2].Value switch { "" => 3, "beta" => 2, _ => 1 };
        return (stability, Number(match.Groups[1].Value), Number(match.Groups[3].Value));
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex("^v([0-9]+)(?:(alpha|beta)([0-9]+))?$")]
    private static partial Regex Form();
}
