using System.Text;
using System.Text.RegularExpressions;

namespace GitOpsSecrets.Seal.Cli.Repository;

/// <summary>
/// Which paths a rule is about: <c>*</c> and <c>?</c> within one folder or file name, <c>**/</c> any folders, a trailing <c>/**</c> or
/// <c>/</c> everything below. <c>{cluster}</c>, <c>{namespace}</c> and <c>{name}</c> stand for one part of a name and tell what it is.
/// The engine does not backtrack: patterns come from files that anybody may have sent.
/// </summary>
internal sealed class PathPattern
{
    public const string ClusterPlace = "cluster";
    public const string NamespacePlace = "namespace";
    public const string NamePlace = "name";
    private const int MaxLength = 512;

    private static readonly string[] Places = [ClusterPlace, NamespacePlace, NamePlace];

    private readonly Regex _regex;

    private PathPattern(string text, Regex regex, IReadOnlyList<string> captured)
    {
        Text = text;
        _regex = regex;
        Captured = captured;
    }

    public string Text { get; }

    /// <summary>The places that the pattern names.</summary>
    public IReadOnlyList<string> Captured { get; }

    /// <returns>Null, with a problem, when this is no pattern.</returns>
    public static PathPattern? TryCreate(string text, out string problem)
    {
        problem = "";
        var captured = new List<string>();
        if (text.Length > MaxLength) problem = $"the pattern is longer than {MaxLength} characters";
        else if (text.StartsWith('/') || text.StartsWith("./", StringComparison.Ordinal) || text.Contains('\\', StringComparison.Ordinal))
            problem = "paths are written from the folder of this file, with forward slashes and nothing before them";
        if (problem.Length > 0) return null;
        var regex = new StringBuilder("\\A");
        for (var i = 0; i < text.Length;) i += Append(regex, text, i, captured, ref problem);
        if (problem.Length > 0) return null;
        if (text.EndsWith('/')) regex.Append(".+");
        return new PathPattern(text, new Regex(regex.Append("\\z").ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline), captured);
    }

    /// <param name="path">From the folder of the rules, with forward slashes.</param>
    /// <returns>What the places stand for; null when the path does not match.</returns>
    public IReadOnlyDictionary<string, string>? Match(string path)
    {
        var match = _regex.Match(path);
        return match.Success ? Captured.ToDictionary(place => place, place => match.Groups[place].Value, StringComparer.Ordinal) : null;
    }

    public override string ToString() => Text;

    /// <returns>How many characters of the pattern were read.</returns>
    private static int Append(StringBuilder regex, string text, int at, List<string> captured, ref string problem)
    {
        var rest = text.AsSpan(at);
        if (rest.StartsWith("**/"))
        {
            regex.Append("(?:[^/]+/)*");
            return 3;
        }
        if (rest.StartsWith("**"))
        {
            regex.Append(".*");
            return 2;
        }
        switch (rest[0])
        {
            case '*': regex.Append("[^/]*"); return 1;
            case '?': regex.Append("[^/]"); return 1;
            case '{':
                var end = rest.IndexOf('}');
                var place = end < 0 ? "" : rest[1..end].ToString();
                if (!Places.Contains(place)) problem = "in a pattern, {cluster}, {namespace} and {name} stand for a part of the path, and braces mean nothing else";
                // The same place twice would need a back reference, which no bounded engine has.
                else if (captured.Contains(place)) problem = $"{{{place}}} stands twice in the pattern";
                captured.Add(place);
                regex.Append("(?<").Append(place).Append(">[^/]+)");
                return end < 0 ? rest.Length : end + 1;
            default:
                regex.Append(Regex.Escape(rest[..1].ToString()));
                return 1;
        }
    }
}
