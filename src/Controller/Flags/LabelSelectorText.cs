using System.Text.RegularExpressions;

namespace GitOpsSecrets.Controller.Flags;

/// <summary>Whether a text is what the API server takes for a selector of labels. It would refuse every list with another one, and nothing would be served.</summary>
internal static partial class LabelSelectorText
{
    public const string Expectation = "expected requirements on labels such as team=a,tier in (web,db),!old";

    private const string Name = "(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)";
    private const string Part = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";
    private const string Key = $@"(?:(?:{Part}(?:\.{Part})*/)?{Name})";
    private const string Value = $"{Name}?";
    private const string Requirement = $@"\s*(?:!\s*{Key}|{Key}(?:\s*(?:==?|!=)\s*{Value}|\s+(?:in|notin)\s*\(\s*{Value}(?:\s*,\s*{Value})*\s*\)|\s*[<>]\s*-?\d+)?)\s*";

    public static bool IsValid(string text) => Whole().IsMatch(text);

    [GeneratedRegex($@"^(?:{Requirement}(?:,{Requirement})*)?\z")]
    private static partial Regex Whole();
}
