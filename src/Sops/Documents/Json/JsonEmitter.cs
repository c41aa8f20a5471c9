using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sops.Values;

namespace GitOpsSecrets.Sops.Documents.Json;

/// <summary>Writes JSON as SOPS does: indented by tabs, escaped like Go's encoding/json, floats in Go's style. Comments are left out.</summary>
internal sealed class JsonEmitter
{
    private readonly StringBuilder _text = new();
    private readonly string _step;

    private JsonEmitter(SopsLayout layout) => _step = layout.JsonIndent < 0 ? "\t" : new string(' ', layout.JsonIndent);

    /// <returns>Text that ends with a newline.</returns>
    /// <exception cref="SopsException"><see cref="SopsFailure.Content"/>: JSON has no such value.</exception>
    public static byte[] Write(DocumentNode root, SopsLayout layout)
    {
        var emitter = new JsonEmitter(layout);
        emitter.Write(root, depth: 0, place: "(root)");
        return Encoding.UTF8.GetBytes(emitter._text.Append('\n').ToString());
    }

    private void Write(DocumentNode node, int depth, string place)
    {
        switch (node)
        {
            case MapNode map:
                WriteAll('{', '}', depth, [.. map.Entries.Where(e => !e.IsComment)], entry =>
                {
                    AppendText(entry.Key);
                    _text.Append(": ");
                    Write(entry.Value, depth + 1, entry.Key);
                });
                break;
            case ListNode list:
                WriteAll('[', ']', depth, [.. list.Items.Where(i => i is not CommentNode)], item => Write(item, depth + 1, place));
                break;
            case ScalarNode scalar:
                WriteScalar(scalar, place);
                break;
        }
    }

    private void WriteAll<T>(char open, char close, int depth, IReadOnlyList<T> parts, Action<T> write)
    {
        _text.Append(open);
        for (var i = 0; i < parts.Count; i++)
        {
            _text.Append(i == 0 ? "\n" : ",\n").Insert(_text.Length, _step, depth + 1);
            write(parts[i]);
        }
        if (parts.Count > 0) _text.Append('\n').Insert(_text.Length, _step, depth);
        _text.Append(close);
    }

    private void WriteScalar(ScalarNode scalar, string place)
    {
        switch (scalar.Kind)
        {
            case ScalarKind.Null:
                _text.Append("null");
                break;
            case ScalarKind.Boolean:
                _text.Append(scalar.Bytes.AsSpan().SequenceEqual("True"u8) ? "true" : "false");
                break;
            case ScalarKind.Whole:
                _text.Append(scalar.GetText());
                break;
            case ScalarKind.Real:
                _text.Append(GoFloat.TryParse(scalar.GetText(), out var value) && double.IsFinite(value) ? GoFloat.Json(value) : throw Unfit(place, "a number that JSON does not have"));
                break;
            default:
                AppendText(DocumentText.TryDecode(scalar.Bytes) ?? throw Unfit(place, "bytes that are not UTF-8 text"));
                break;
        }
    }

    private void AppendText(string value) => _text.Append('"').Append(GoJsonEncoder.Instance.Encode(value)).Append('"');

    private static SopsException Unfit(string place, string problem) => new(SopsFailure.Content, $"{place}: {problem}");
}
