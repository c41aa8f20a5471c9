using System.Text;

namespace GitOpsSecrets.Providers.Json;

/// <summary>Prints JSON over several lines. Once only.</summary>
internal sealed class JsonPrettyPrinter(string prefix, string indent, int width, bool sortsKeys, GjsonRun run)
{
    private int startOfLine;

    /// <summary>Ends with a line break.</summary>
    public ReadOnlyMemory<byte> Print(JsonPiece json)
    {
        using var text = new SecretBuffer();
        text.Append(Encoding.UTF8.GetBytes(prefix));
        Append(json, 0, text);
        text.Append((byte)'\n');
        return run.Keep(text.ToArray());
    }

    private void Append(JsonPiece json, int depth, SecretBuffer text)
    {
        switch (json.Kind)
        {
            case JsonKind.Object:
                AppendObject(JsonParts.MembersOf(json.Raw), depth, text);
                break;
            case JsonKind.Array:
                AppendArray(json, depth, text);
                break;
            default:
                text.Append(json.Raw.Span);
                break;
        }
    }

    private void AppendObject(List<JsonMember> members, int depth, SecretBuffer text)
    {
        run.Step(members.Count);
        text.Append((byte)'{');
        var ordered = sortsKeys ? members.OrderBy(member => Encoding.UTF8.GetString(member.Name()), StringComparer.Ordinal) : members.AsEnumerable();
        var count = 0;
        foreach (var member in ordered)
        {
            if (count++ > 0) text.Append((byte)',');
            BreakLine(depth + 1, text);
            text.Append(member.RawName.Span);
            text.Append(": "u8);
            Append(member.Value, depth + 1, text);
        }

        if (count > 0) BreakLine(depth, text);
        text.Append((byte)'}');
    }

    private void AppendArray(JsonPiece json, int depth, SecretBuffer text)
    {
        var room = width - (text.Length - startOfLine);
        var before = text.Length;
        if (width > 0 && room > 3 && AppendOnOneLine(json, text, before + room)) return;
        text.Truncate(before);
        var elements = JsonParts.ElementsOf(json.Raw);
        run.Step(elements.Count);
        text.Append((byte)'[');
        for (var i = 0; i < elements.Count; i++)
        {
            if (i > 0) text.Append((byte)',');
            BreakLine(depth + 1, text);
            Append(elements[i], depth + 1, text);
        }

        if (elements.Count > 0) BreakLine(depth, text);
        text.Append((byte)']');
    }

    /// <summary>False, with rubbish at the end of the text, when an object is inside or the line gets too long.</summary>
    private bool AppendOnOneLine(JsonPiece json, SecretBuffer text, int limit)
    {
        if (json.Kind == JsonKind.Object || text.Length > limit) return false;
        if (json.Kind != JsonKind.Array)
        {
            text.Append(json.Raw.Span);
            return text.Length <= limit;
        }

        var elements = JsonParts.ElementsOf(json.Raw);
        run.Step(elements.Count);
        text.Append((byte)'[');
        for (var i = 0; i < elements.Count; i++)
        {
            if (i > 0) text.Append(", "u8);
            if (!AppendOnOneLine(elements[i], text, limit)) return false;
        }

        text.Append((byte)']');
        return text.Length <= limit;
    }

    private void BreakLine(int depth, SecretBuffer text)
    {
        startOfLine = text.Length;
        text.Append((byte)'\n');
        text.Append(Encoding.UTF8.GetBytes(prefix));
        for (var i = 0; i < depth; i++) text.Append(Encoding.UTF8.GetBytes(indent));
    }
}
