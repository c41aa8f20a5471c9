using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions;

/// <summary>Go's package strings over byte strings.</summary>
internal static class ByteText
{
    public static GoString Replace(ExecutionBudget budget, GoString text, GoString old, GoString replacement)
    {
        var builder = new ByteBuilder(budget);
        var rest = text.Span;
        if (old.Length == 0)
        {
            builder.Append(replacement);
            while (!rest.IsEmpty)
            {
                var width = Runes.Decode(rest).Width;
                builder.Append(rest[..width]);
                builder.Append(replacement);
                rest = rest[width..];
            }

            return builder.ToGoString();
        }

        for (var found = rest.IndexOf(old.Span); found >= 0; found = rest.IndexOf(old.Span))
        {
            builder.Append(rest[..found]);
            builder.Append(replacement);
            rest = rest[(found + old.Length)..];
        }

        builder.Append(rest);
        return builder.ToGoString();
    }

    /// <param name="limit">At most that many parts; negative for all, 0 for none.</param>
    public static List<GoString> Split(ExecutionBudget budget, GoString text, GoString separator, long limit)
    {
        var parts = new List<GoString>();
        var start = 0;
        while (limit != 0 && (limit < 0 || parts.Count < limit - 1))
        {
            budget.AllocateItems(1);
            var rest = text.Span[start..];
            var found = separator.Length > 0 ? rest.IndexOf(separator.Span) : Runes.Decode(rest).Width;
            if (found < 0 || (separator.Length == 0 && (found == 0 || found == rest.Length)))
            {
                break;
            }

            parts.Add(text.Slice(start, found));
            start += found + separator.Length;
        }

        if (limit != 0 && !(separator.Length == 0 && text.Length == 0))
        {
            parts.Add(text.Slice(start));
        }

        return parts;
    }

    public static GoString Join(ExecutionBudget budget, IReadOnlyList<GoString> parts, GoString separator)
    {
        var builder = new ByteBuilder(budget);
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0)
            {
                builder.Append(separator);
            }

            builder.Append(parts[i]);
        }

        return builder.ToGoString();
    }

    public static GoString Repeat(ExecutionBudget budget, GoString text, long count)
    {
        if (count < 0)
        {
            throw new FunctionException("strings: negative Repeat count");
        }

        if (text.Length == 0)
        {
            return GoString.Empty;
        }

        var length = checked(Math.Min(count, int.MaxValue) * text.Length);
        budget.Allocate(length);
        var bytes = new byte[length];
        text.Span[..(int)Math.Min(text.Length, length)].CopyTo(bytes);
        for (var done = text.Length; done < length; done *= 2)
        {
            // What is there already, doubled.
            bytes.AsSpan(0, (int)Math.Min(done, length - done)).CopyTo(bytes.AsSpan(done));
        }

        return new GoString(bytes);
    }

    public static GoString Trim(GoString text, GoString cutset)
    {
        var runes = Runes.All(cutset.Span).ToHashSet();
        var span = text.Span;
        var start = 0;
        while (start < span.Length && Runes.Decode(span[start..]) is var (rune, width) && runes.Contains(rune))
        {
            start += width;
        }

        var end = span.Length;
        while (end > start && Runes.DecodeLast(span[start..end]) is var (rune, width) && runes.Contains(rune))
        {
            end -= width;
        }

        return text.Slice(start, end - start);
    }
}
