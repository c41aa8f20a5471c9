using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.RegularExpressions;

/// <summary>Go's package regexp: search, replace, split.</summary>
internal sealed class GoRegex
{
    /// <summary>What a byte of a pattern may be as a node and a set of runes.</summary>
    private const long BytesAPatternByte = 128;

    /// <summary>Slots of the whole match, without its groups.</summary>
    private const int Whole = 2;

    private readonly ExecutionBudget budget;
    private readonly GoString pattern;
    private readonly IReadOnlyList<string> names;
    private readonly RegexMachine machine;

    /// <exception cref="FunctionException">Not RE2's syntax.</exception>
    public GoRegex(ExecutionBudget budget, GoString pattern)
    {
        this.budget = budget;
        this.pattern = pattern;
        budget.Allocate(pattern.Length * BytesAPatternByte);
        (var root, names) = RegexParser.Parse(pattern);
        var code = new RegexProgram(root).Code;
        budget.AllocateItems(2L * code.Count);
        machine = new RegexMachine(budget, code);
    }

    public static GoString Escape(GoString text)
    {
        var builder = new ByteBuilder();
        foreach (var value in text.Span)
        {
            builder.Append("\\.+*?()|[]{}^$".Contains((char)value, StringComparison.Ordinal) ? "\\" : "");
            builder.Append(value);
        }

        return builder.ToGoString();
    }

    public bool IsMatch(GoString text) => machine.Find(text.Span, 0, slots: 0) is not null;

    public GoString Find(GoString text) => machine.Find(text.Span, 0, Whole) is { } match ? text.Slice(match[0], match[1] - match[0]) : GoString.Empty;

    /// <param name="limit">Negative for all.</param>
    public List<(int Start, int End)> FindAll(GoString text, long limit)
    {
        var found = new List<(int Start, int End)>();
        var previousEnd = -1;
        for (var position = 0; position <= text.Length && (limit < 0 || found.Count < limit);)
        {
            if (machine.Find(text.Span, position, Whole) is not { } match)
            {
                break;
            }

            var isEmpty = match[1] == position;
            if (!isEmpty || match[0] != previousEnd)
            {
                budget.AllocateItems(1);
                found.Add((match[0], match[1]));
            }

            previousEnd = match[1];
            position = isEmpty ? position + Math.Max(Runes.Decode(text.Span[position..]).Width, 1) : match[1];
        }

        return found;
    }

    public GoString ReplaceAll(GoString text, GoString replacement, bool isLiteral)
    {
        var builder = new ByteBuilder(budget);
        var slots = isLiteral || !replacement.Span.Contains((byte)'$') ? Whole : 2 * names.Count;
        var lastEnd = 0;
        for (var position = 0; position <= text.Length;)
        {
            if (machine.Find(text.Span, position, slots) is not { } match)
            {
                break;
            }

            builder.Append(text.Slice(lastEnd, match[0] - lastEnd));
            if (match[1] > lastEnd || match[0] == 0)
            {
                Expand(builder, text, match, replacement, isLiteral);
            }

            lastEnd = match[1];
            var width = Math.Max(Runes.Decode(text.Span[position..]).Width, 1);
            position = Math.Max(position + width, match[1]);
        }

        builder.Append(text.Slice(lastEnd));
        return builder.ToGoString();
    }

    /// <summary>Null for a limit of 0, as Go's nil slice.</summary>
    public List<GoString>? Split(GoString text, long limit)
    {
        if (limit == 0)
        {
            return null;
        }

        if (pattern.Length > 0 && text.Length == 0)
        {
            return [GoString.Empty];
        }

        var parts = new List<GoString>();
        var (start, end) = (0, 0);
        foreach (var match in FindAll(text, limit))
        {
            if (limit > 0 && parts.Count == limit - 1)
            {
                break;
            }

            end = match.Start;
            if (match.End != 0)
            {
                parts.Add(text.Slice(start, end - start));
            }

            start = match.End;
        }

        if (end != text.Length)
        {
            parts.Add(text.Slice(start));
        }

        return parts;
    }

    private void Expand(ByteBuilder builder, GoString text, int[] match, GoString replacement, bool isLiteral)
    {
        var rest = replacement.Span;
        for (var dollar = rest.IndexOf((byte)'$'); dollar >= 0 && !isLiteral; dollar = rest.IndexOf((byte)'$'))
        {
            builder.Append(rest[..dollar]);
            rest = rest[(dollar + 1)..];
            if (rest.StartsWith("$"u8))
            {
                builder.Append('$');
                rest = rest[1..];
                continue;
            }

            var group = TakeGroup(ref rest);
            if (group is null)
            {
                builder.Append('$');
            }
            else if (group >= 0 && group < names.Count && match[2 * group.Value] >= 0)
            {
                builder.Append(text.Slice(match[2 * group.Value], match[(2 * group.Value) + 1] - match[2 * group.Value]));
            }
        }

        builder.Append(rest);
    }

    /// <summary>Reads <c>name</c>, <c>1</c> or <c>{…}</c>: the group's number, -1 for none of ours, null if malformed.</summary>
    private int? TakeGroup(ref ReadOnlySpan<byte> rest)
    {
        var braced = rest.StartsWith("{"u8);
        var body = braced ? rest[1..] : rest;
        var length = 0;
        while (Runes.Decode(body[length..]) is { Width: > 0 } next && (next.Rune == '_' || GoCase.IsLetter(next.Rune) || GoCase.IsDigit(next.Rune)))
        {
            length += next.Width;
        }

        if (length == 0 || (braced && (length >= body.Length || body[length] != '}')))
        {
            return null;
        }

        var name = GoString.Of(body[..length]).ToText();
        rest = body[(length + (braced ? 1 : 0))..];
        if (name.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0 || (name.Length > 1 && name[0] == '0'))
        {
            return IndexOf(name);
        }

        return name.Length < 9 ? int.Parse(name, System.Globalization.CultureInfo.InvariantCulture) : -1;
    }

    private int IndexOf(string name)
    {
        for (var i = 1; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }
}
