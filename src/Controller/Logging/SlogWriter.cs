using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Logging;

/// <summary>One line an entry, in the two forms of Go's slog that log pipelines of the original are set up for.</summary>
/// <param name="output">For INFO and below.</param>
/// <param name="error">For WARN and ERROR.</param>
internal sealed class SlogWriter(TextWriter output, TextWriter error, bool asJson, TimeProvider time)
{
    private readonly Lock gate = new();

    public void Write(LogLevel level, string message, IEnumerable<KeyValuePair<string, object?>> fields, string? exception)
    {
        var entries = new List<KeyValuePair<string, object?>>
        {
            new("time", time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
            new("level", Name(level)),
            new("msg", message),
        };
        // The message's own template comes as a field named {OriginalFormat}; its values follow the message anyway.
        entries.AddRange(fields.Where(field => !field.Key.StartsWith('{')));
        if (exception is not null) entries.Add(new("error", exception));
        var line = asJson ? Json(entries) : Text(entries);
        lock (gate) (level >= LogLevel.Warning ? error : output).WriteLine(line);
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARN",
        _ => "ERROR",
    };

    private static string Text(List<KeyValuePair<string, object?>> entries)
    {
        var line = new StringBuilder();
        foreach (var (key, value) in entries)
        {
            if (line.Length > 0) line.Append(' ');
            line.Append(key).Append('=').Append(Quoted(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
        }
        return line.ToString();
    }

    private static string Quoted(string text) =>
        text.Length > 0 && text.All(c => c is > ' ' and < (char)0x7F and not ('"' or '=' or '\\'))
            ? text
            : "\"" + JsonEncodedText.Encode(text, GoJsonEncoder.Instance) + "\"";

    private static string Json(List<KeyValuePair<string, object?>> entries)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = GoJsonEncoder.Instance }))
        {
            writer.WriteStartObject();
            foreach (var (key, value) in entries)
            {
                if (value is int or long) writer.WriteNumber(key, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                else writer.WriteString(key, Convert.ToString(value, CultureInfo.InvariantCulture));
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
