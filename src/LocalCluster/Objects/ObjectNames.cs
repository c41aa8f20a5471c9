using System.Security.Cryptography;
using System.Text.RegularExpressions;
using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Resources;

namespace GitOpsSecrets.LocalCluster.Objects;

/// <summary>What objects may be called.</summary>
internal static partial class ObjectNames
{
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789"; // no vowels, so that no words appear
    private const int SuffixLength = 5;
    private const int LongestBase = 63 - SuffixLength;
    private const int LongestSubdomain = 253;

    private const string Subdomain =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string Label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    public static string Generate(string prefix)
    {
        var start = prefix.Length > LongestBase ? prefix[..LongestBase] : prefix;
        return start + RandomNumberGenerator.GetString(Alphabet, SuffixLength);
    }

    /// <summary>What is wrong with it as a DNS subdomain, each fault by itself.</summary>
    public static IEnumerable<string> FaultsOfSubdomain(string text)
    {
        if (text.Length > LongestSubdomain) yield return $"must be no more than {LongestSubdomain} characters";
        if (!SubdomainForm().IsMatch(text)) yield return Subdomain;
    }

    public static void Check(ResourceType type, string name, List<FieldError> errors)
    {
        if (type.Group == "rbac.authorization.k8s.io")
        {
            if (name is "." or ".." || name.Contains('/', StringComparison.Ordinal) || name.Contains('%', StringComparison.Ordinal)) errors.Add(FieldError.Invalid("metadata.name", $"\"{name}\"", "may not contain '/' or '%'"));
            return;
        }

        var isLabel = type is { Group: "", Plural: "namespaces" or "services" };
        var longest = isLabel ? 63 : LongestSubdomain;
        if (name.Length > longest) errors.Add(FieldError.Invalid("metadata.name", $"\"{name}\"", $"must be no more than {longest} characters"));
        else if (!(isLabel ? LabelForm() : SubdomainForm()).IsMatch(name)) errors.Add(FieldError.Invalid("metadata.name", $"\"{name}\"", isLabel ? Label : Subdomain));
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex SubdomainForm();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex LabelForm();
}
