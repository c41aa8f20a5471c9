using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>
/// The form of a key, such as <c>id:{id}</c> or <c>path:{folder:path}/{name}</c>: a part has no slashes unless it says <c>path</c>. Matched in
/// time that grows with the key's length and no faster, since keys are tenants' input. The machine that does so takes a quarter of a megabyte: it is built for
/// the first key.
/// </summary>
internal sealed class KeyPattern
{
    private const int LongestKey = 4096;
    private const char Slash = '/';
    private readonly string form;
    private readonly ConcurrentDictionary<char, Regex> expressions = new();

    private KeyPattern(string form, IReadOnlyList<string> names) => (this.form, Names) = (form, names);

    public IReadOnlyList<string> Names { get; }

    /// <exception cref="FormatException">A brace without its other, or a kind that there is not.</exception>
    public static KeyPattern Parse(string text)
    {
        var expression = new StringBuilder("^");
        var names = new List<string>();
        var rest = text;
        while (rest.Length > 0)
        {
            var start = rest.IndexOf('{', StringComparison.Ordinal);
            var literal = start < 0 ? rest : rest[..start];
            expression.Append(Regex.Escape(literal));
            if (start < 0) break;
            var end = rest.IndexOf('}', StringComparison.Ordinal);
            if (end < start) throw new FormatException("\"{\" without a \"}\" after it");
            var (name, kind) = rest[(start + 1)..end].Split(':', 2) is [var before, var after] ? (before, after) : (rest[(start + 1)..end], "");
            if (name.Length == 0 || !char.IsAsciiLetter(name[0]) || !name.All(char.IsAsciiLetterOrDigit)) throw new FormatException($"\"{name}\" is not the name of a part");
            names.Add(name);
            expression.Append("(?<").Append(name).Append('>').Append(ExpressionOf(kind)).Append(')');
            rest = rest[(end + 1)..];
        }

        return new(expression.Append("\\z").ToString(), names);
    }

    /// <summary>Sets the key's parts; false where the key does not look like this.</summary>
    /// <param name="separator">Divides the key in place of the slashes of the form.</param>
    public bool Match(string key, Variables to, char separator = Slash)
    {
        if (key.Length > LongestKey) return false;
        var match = expressions.GetOrAdd(separator, ExpressionWith).Match(key);
        if (!match.Success) return false;
        foreach (var name in Names) to.Set(name, match.Groups[name].Value);
        return true;
    }

    private Regex ExpressionWith(char separator)
    {
        // In brackets and out of them, a character by its number stands for itself.
        var text = separator == Slash ? form : form.Replace("/", $"\\u{(int)separator:x4}", StringComparison.Ordinal);
        return new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    private static string ExpressionOf(string kind) => kind switch
    {
        "" => "[^/]+",
        "path" => ".+",
        "relative" => "[^/].*",
        "anything" => ".*",
        "dotless" => "[^.]+",
        "number" => "[0-9]{1,18}",
        "id26" => "[0-9a-z]{26}",
        "uuid" => "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
        _ => throw new FormatException($"there is no kind of part \"{kind}\"; there are path, relative, anything, dotless, number, id26 and uuid"),
    };
}
