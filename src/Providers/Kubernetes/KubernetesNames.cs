using System.Text.RegularExpressions;

namespace GitOpsSecrets.Providers.Kubernetes;

/// <summary>Names of objects, which become parts of paths: what is none never gets there.</summary>
internal static partial class KubernetesNames
{
    private const int LongestObject = 253;
    private const int LongestNamespace = 63;

    public static bool IsNamespace(string name) => name.Length <= LongestNamespace && Namespace().IsMatch(name);

    public static bool IsObject(string name) => name.Length <= LongestObject && Object().IsMatch(name);

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Object();
}
