using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace GitOpsSecrets.Sops.Rules;

/// <summary>
/// Regular expressions of files that anybody may have written. SOPS means Go's RE2; .NET's engine reads most of it alike, and differs in
/// some things silently. What differs is either rewritten or refused, so that a pattern never selects other values here than there:
/// <c>$</c> without multi-line mode is the very end in Go, and before a last newline in .NET; <c>\d \s \w \b</c> are ASCII in Go;
/// <c>[[:alpha:]]</c>, <c>\pL</c> without braces, <c>\Q…\E</c>, <c>(?P&lt;n&gt;…)</c>, <c>(?U)</c> are Go's alone; look-around, back references and class
/// subtraction are .NET's alone. The non-backtracking engine keeps time linear in the text.
/// </summary>
internal static class BoundedRegex
{
    private const int MaxPatternLength = 1024;
    private const string WordClass = "0-9A-Za-z_";
    private static readonly SearchValues<char> RepeatCharacters = SearchValues.Create("0123456789,");

    /// <param name="pattern">In Go's dialect.</param>
    /// <param name="field">Where the pattern stands, for the error.</param>
    /// <exception cref="SopsException"><see cref="SopsFailure.Rule"/>.</exception>
    public static Regex Create(string pattern, string field)
    {
        if (pattern.Length > MaxPatternLength) throw Refused(field, $"is longer than {MaxPatternLength} characters");
        try
        {
            return new Regex(Translate(pattern, field), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            throw Refused(field, "is not a regular expression that is supported");
        }
    }

    /// <param name="regex">From <see cref="Create"/>.</param>
    /// <param name="text">What is searched.</param>
    /// <param name="field">Where the pattern stands, for the error.</param>
    /// <exception cref="SopsException"><see cref="SopsFailure.Limit"/>: it takes too long.</exception>
    public static bool IsMatch(Regex regex, string text, string field)
    {
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new SopsException(SopsFailure.Limit, $"{field}: the pattern takes too long on a path, key or comment");
        }
    }

    private static string Translate(string pattern, string field)
    {
        var result = new StringBuilder(pattern.Length + 8);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            var next = i + 1 < pattern.Length ? pattern[i + 1] : '\0';
            if (c == '\\')
            {
                result.Append(TranslateEscape(next, inClass, field));
                i++;
            }
            else if (inClass)
            {
                if (c == '[' && next == ':') throw Refused(field, "uses a named class such as [:alpha:]");
                if (c == '-' && next == '[') throw Refused(field, "has a bracket after a dash in a class");
                result.Append(c == '[' ? "\\[" : c.ToString());
                inClass = c != ']';
            }
            else if (c == '[')
            {
                inClass = true;
                i = CopyClassStart(pattern, i, result);
            }
            else
            {
                if (c == '(' && next == '?') RequireCommonGroup(pattern.AsSpan(i + 2), field);
                if (c == '{') RequireCommonRepeat(pattern.AsSpan(i + 1), field);
                result.Append(c == '$' ? "\\z" : c.ToString());
            }
        }
        return result.ToString();
    }

    /// <summary>A bracket that closes right after the opening one stands for itself in both dialects, but is clearer escaped.</summary>
    private static int CopyClassStart(string pattern, int start, StringBuilder result)
    {
        result.Append('[');
        var at = start + 1;
        if (at < pattern.Length && pattern[at] == '^')
        {
            result.Append('^');
            at++;
        }
        if (at < pattern.Length && pattern[at] == ']')
        {
            result.Append("\\]");
            at++;
        }
        return at - 1;
    }

    private static string TranslateEscape(char escaped, bool inClass, string field) => escaped switch
    {
        'd' => inClass ? "0-9" : "[0-9]",
        'D' when !inClass => "[^0-9]",
        'w' => inClass ? WordClass : $"[{WordClass}]",
        'W' when !inClass => $"[^{WordClass}]",
        's' => inClass ? "\\t\\n\\f\\r " : "[\\t\\n\\f\\r ]",
        'S' when !inClass => "[^\\t\\n\\f\\r ]",
        'A' or 'z' when !inClass => "\\" + escaped,
        't' or 'n' or 'f' or 'r' or 'v' or 'a' => "\\" + escaped,
        _ when char.IsAsciiLetterOrDigit(escaped) || escaped == '\0' => throw Refused(field, "uses an escape that is not supported"),
        _ => "\\" + escaped,
    };

    /// <summary>Groups that both dialects have: <c>(?:…)</c>, and <c>(?i)</c> or <c>(?i:…)</c>.</summary>
    private static void RequireCommonGroup(ReadOnlySpan<char> rest, string field)
    {
        if (!rest.StartsWith(":") && !rest.StartsWith("i)") && !rest.StartsWith("i:")) throw Refused(field, "uses a group of a kind that is not supported");
    }

    /// <summary>Go refuses counts above 1000 and takes a leading zero for text. What is no repeat is text in both.</summary>
    private static void RequireCommonRepeat(ReadOnlySpan<char> rest, string field)
    {
        var end = rest.IndexOf('}');
        if (end < 0 || rest[..end].ContainsAnyExcept(RepeatCharacters)) return;
        foreach (var part in rest[..end].Split(','))
        {
            var count = rest[part];
            if (count.Length > 1 && count[0] == '0') throw Refused(field, "has a repeat with a leading zero");
            if (count.Length > 4 || (count.Length == 4 && count is not "1000")) throw Refused(field, "repeats more than 1000 times");
        }
    }

    private static SopsException Refused(string field, string problem) => new(SopsFailure.Rule, $"{field}: the pattern {problem}");
}
