namespace GitOpsSecrets.Seal.Cli.Manifests;

/// <summary>What Kubernetes takes for a name. What is sealed for another can be nowhere.</summary>
internal static class ObjectNames
{
    private const int LongestLabel = 63;
    private const int LongestName = 253;

    /// <returns>Why no namespace can be named so; null when one can.</returns>
    public static string? ProblemOfNamespace(string name) => name.Length <= LongestLabel && IsLabel(name) ? null
        : $"no namespace can be named \"{name}\": lower-case letters, digits and '-', with a letter or digit first and last, at most {LongestLabel} characters";

    /// <returns>Why no Secret can be named so; null when one can.</returns>
    public static string? ProblemOfSecret(string name) => name.Length <= LongestName && name.Split('.').All(IsLabel) ? null
        : $"no Secret can be named \"{name}\": lower-case letters, digits, '-' and '.', with a letter or digit first and last, at most {LongestName} characters";

    /// <returns>Why no item of a Secret can be named so; null when one can.</returns>
    public static string? ProblemOfItem(string name) => name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? null
        : $"\"{name}\" is no name that a Secret's item can have (letters, digits, '-', '_', '.')";

    /// <summary>Of both, so far as they are given.</summary>
    public static IEnumerable<string> Problems(string? space, string? name) =>
        new[] { space is null ? null : ProblemOfNamespace(space), name is null ? null : ProblemOfSecret(name) }.OfType<string>();

    private static bool IsLabel(string text) => text is not ([] or ['-', ..] or [.., '-']) && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
