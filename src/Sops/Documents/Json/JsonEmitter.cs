using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sops.Values;

namespace GitOpsSecrets.Sops.Documents.Json;

/// <summary>Writes JSON as SOPS does: indented by tabs, escaped like Go's encoding/json, floats in Go's style. Comments are left out.</summary>
internal static class JsonEmitter
{
    /// <returns>Text that ends with a newline.</returns>
    /// <exception cref="SopsException"><see cref="SopsFailure.Content"/>: JSON has no such value.</exception>
    public static byte[] Write(DocumentNode root)
    {
        var text = new StringBuilder();
        Write(text, root, depth: 0, place: "(root)");
        return Encoding.UTF8.GetBytes(text.Append('\n').ToString());
    }

    private static void Write(StringBuilder text, DocumentNode node, int depth, string place)
    {
        switch (node)
        {
            case MapNode map:
                WriteAll(text, '{', '}', depth, [.. map.Entries.Where(e => !e.IsComment)], entry =>
                {
                    AppendText(text, entry.Key);
                    text.Append(": ");
                    Write(text, entry.Value, depth + 1, entry.Key);
                });
                break;
            case ListNode list:
                WriteAll(text, '[', ']', depth, [.. list.Items.Where(i => i is not CommentNode)], item => Write(text, item, depth + 1, place));
                break;
            case ScalarNode scalar:
                WriteScalar(text, scalar, place);
                break;
        }
    }

    private static void WriteAll<T>(StringBuilder text, char open, char close, int depth, IReadOnlyList<T> parts, Action<T> write)
    {
        text.Append(open);
        for (var i = 0; i < parts.Count; i++)
        {
            text.Append(i == 0 ? "\n" : ",\n").Append('\t', depth + 1);
            write(parts[i]);
        }
        if (parts.Count > 0) text.Append('\n').Append('\t', depth);
        text.Append(close);
    }

    private static void WriteScalar(StringBuilder text, ScalarNode scalar, string place)
    {
        switch (scalar.Kind)
        {
            case ScalarKind.Null:
                text.Append("null");
                break;
            case ScalarKind.Boolean:
                text.Append(scalar.Bytes.AsSpan().SequenceEqual("True"u8) ? "true" : "false");
                break;
            case ScalarKind.Whole:
                text.Append(scalar.GetText());
                break;
            case ScalarKind.Real:
                text.Append(GoFloat.TryParse(scalar.GetText(), out var value) && double.IsFinite(value) ? GoFloat.Json(value) : throw Unfit(place, "a number that JSON does not have"));
                break;
            default:
                AppendText(text, DocumentText.TryDecode(scalar.Bytes) ?? throw Unfit(place, "bytes that are not UTF-8 text"));
                break;
        }
    }

    private static void AppendText(StringBuilder text, string value) => text.Append('"').Append(GoJsonEncoder.Instance.Encode(value)).Append('"');

    private static SopsException Unfit(string place, string problem) => new(SopsFailure.Content, $"{place}: {problem}");
}
