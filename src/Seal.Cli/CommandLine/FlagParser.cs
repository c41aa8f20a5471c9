using System.Globalization;
using System.Text;

namespace GitOpsSecrets.Seal.Cli.CommandLine;

/// <summary>
/// Reads flags exactly as pflag does, because scripts written for kubeseal depend on it: <c>--flag=value</c>, <c>--flag value</c>,
/// <c>-oyaml</c>, <c>-o=yaml</c>, <c>--toggle=false</c>, flags after arguments, <c>--</c> as the end. Why this is not a library:
/// docs/design/0003-cli-parsing.md.
/// </summary>
internal sealed class FlagParser
{
    private readonly Dictionary<string, Flag> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<char, Flag> _byLetter = [];
    private readonly IReadOnlyList<FlagGroup> _groups;

    public FlagParser(IReadOnlyList<FlagGroup> groups)
    {
        _groups = groups;
        foreach (var group in groups)
        {
            foreach (var flag in group.Flags)
            {
                _byName.Add(flag.Name, flag);
                if (flag.Letter is { } letter) _byLetter.Add(letter, flag);
            }
        }
        // No LINQ on this path: its generic methods are put together at run time.
        foreach (var group in groups)
        {
            foreach (var flag in group.Flags)
            {
                if (flag.Alias is { } alias) _byName.TryAdd(alias, flag);
            }
        }
    }

    /// <param name="arguments">What follows the program's (and the command's) name.</param>
    /// <param name="environment">Value of a variable, or <c>null</c>. A value that a flag cannot take is ignored, as in the original.</param>
    /// <exception cref="UsageException">An unknown flag, or a value that the flag cannot take.</exception>
    public ParsedFlags Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var parsed = new ParsedFlags();
        ReadEnvironment(parsed, environment);
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument == "--")
            {
                for (i++; i < arguments.Count; i++) parsed.AddArgument(arguments[i]);
            }
            else if (argument.StartsWith("--", StringComparison.Ordinal)) ReadLong(parsed, arguments, ref i);
            else if (argument.Length > 1 && argument[0] == '-') ReadLetters(parsed, arguments, ref i);
            else parsed.AddArgument(argument);
        }
        return parsed;
    }

    /// <summary>The spellings that Go's strconv.ParseBool knows.</summary>
    public static bool TryReadToggle(string text, out bool on)
    {
        on = text is "1" or "t" or "T" or "true" or "TRUE" or "True";
        return on || text is "0" or "f" or "F" or "false" or "FALSE" or "False";
    }

    private void ReadEnvironment(ParsedFlags parsed, Func<string, string?> environment)
    {
        foreach (var group in _groups)
        {
            foreach (var flag in group.Flags)
            {
                if (flag.FromEnvironment && environment(flag.EnvironmentName) is { Length: > 0 } value && TryRead(flag, value, out var values, out _))
                    parsed.Set(flag, values);
            }
        }
    }

    private void ReadLong(ParsedFlags parsed, IReadOnlyList<string> arguments, ref int index)
    {
        var argument = arguments[index];
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? argument[2..] : argument[2..equals];
        if (name.Length == 0 || name[0] == '-') throw new UsageException($"bad flag syntax: {argument}");
        if (!_byName.TryGetValue(name, out var flag)) throw new UsageException($"unknown flag: --{name}{Suggestion(name)}");
        string value;
        if (equals >= 0) value = argument[(equals + 1)..];
        else if (flag.Kind == FlagKind.Toggle) value = "true";
        else if (index + 1 < arguments.Count) value = arguments[++index];
        else throw new UsageException($"flag needs an argument: --{name}");
        Set(parsed, flag, value, name);
    }

    private void ReadLetters(ParsedFlags parsed, IReadOnlyList<string> arguments, ref int index)
    {
        var argument = arguments[index];
        for (var at = 1; at < argument.Length; at++)
        {
            var letter = argument[at];
            if (!_byLetter.TryGetValue(letter, out var flag)) throw new UsageException($"unknown shorthand flag: '{letter}' in {argument}");
            var rest = argument[(at + 1)..];
            string value;
            if (rest.StartsWith('=')) value = rest[1..];
            else if (flag.Kind == FlagKind.Toggle)
            {
                parsed.Set(flag, ["true"]);
                continue;
            }
            else if (rest.Length > 0) value = rest;
            else if (index + 1 < arguments.Count) value = arguments[++index];
            else throw new UsageException($"flag needs an argument: '{letter}' in {argument}");
            Set(parsed, flag, value, flag.Name);
            return;
        }
    }

    private static void Set(ParsedFlags parsed, Flag flag, string value, string name)
    {
        if (!TryRead(flag, value, out var values, out var problem))
            throw new UsageException($"invalid argument \"{value}\" for \"{(flag.Letter is { } letter ? $"-{letter}, " : "")}--{name}\" flag: {problem}");
        parsed.Set(flag, values);
    }

    private static bool TryRead(Flag flag, string value, out List<string> values, out string problem)
    {
        values = [value];
        problem = "";
        switch (flag.Kind)
        {
            case FlagKind.Toggle when !TryReadToggle(value, out _):
                problem = $"strconv.ParseBool: parsing \"{value}\": invalid syntax";
                return false;
            case FlagKind.Number when !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _):
                problem = $"strconv.ParseInt: parsing \"{value}\": invalid syntax";
                return false;
            case FlagKind.Text when flag.Choices is not null && value.Length > 0 && !flag.Choices.Contains(value):
                problem = $"unknown {flag.Name} \"{value}\"; use one of {string.Join(", ", flag.Choices)}";
                return false;
            case FlagKind.List:
                values = SplitList(value);
                return true;
            default:
                return true;
        }
    }

    /// <summary>Comma-separated; a field in double quotes may hold commas, and a doubled quote there is one quote.</summary>
    private static List<string> SplitList(string text)
    {
        var fields = new List<string>();
        if (text.Length == 0) return fields;
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"') field.Append(text[++i]);
            else if (c == '"' && (quoted || field.Length == 0)) quoted = !quoted;
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else field.Append(c);
        }
        fields.Add(field.ToString());
        return fields;
    }

    private string Suggestion(string name)
    {
        var near = _byName.Values.Where(flag => !flag.Hidden).Select(flag => flag.Name)
            .FirstOrDefault(known => known.StartsWith(name, StringComparison.Ordinal) || name.StartsWith(known, StringComparison.Ordinal));
        return near is null ? "" : $" (did you mean --{near}?)";
    }
}
