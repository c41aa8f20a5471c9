using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace GitOpsSecrets.Seal.Cli.Differences;

/// <summary>Differences for people and for scripts.</summary>
internal static class DifferenceReport
{
    public static byte[] Text(IEnumerable<FileDifference> files)
    {
        var text = new StringBuilder();
        foreach (var file in files.Where(file => file.Changes.Count > 0))
        {
            text.Append(file.Path).Append('\n');
            foreach (var group in file.Changes.GroupBy(change => change.Subject))
            {
                text.Append(CultureInfo.InvariantCulture, $"  {group.Key}\n");
                foreach (var change in group) text.Append(CultureInfo.InvariantCulture, $"    {change.Text}\n");
            }
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static byte[] Json(IEnumerable<FileDifference> files)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartArray("files");
            foreach (var file in files.Where(file => file.Changes.Count > 0)) Write(json, file);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, FileDifference file)
    {
        json.WriteStartObject();
        json.WriteString("path", file.Path);
        json.WriteStartArray("changes");
        foreach (var change in file.Changes)
        {
            json.WriteStartObject();
            json.WriteString("change", change.Change);
            json.WriteString("object", change.Subject);
            if (change.Item is not null) json.WriteString("item", change.Item);
            if (change.From is not null) json.WriteString("from", change.From);
            if (change.To is not null) json.WriteString("to", change.To);
            json.WriteString("text", change.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
