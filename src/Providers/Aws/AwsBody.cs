using System.Text.Json;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>Writes the JSON of requests, in which there may be values.</summary>
internal static class AwsBody
{
    /// <param name="members">Writes the members of the object.</param>
    /// <returns>Zeroed by whoever sends it.</returns>
    public static byte[] Of(Action<Utf8JsonWriter> members)
    {
        using var buffer = new SecretBuffer();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    public static void WriteStrings(this Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    /// <summary>Tags, in AWS's shape: a list of keys and values.</summary>
    public static void WriteTags(this Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, string>> tags)
    {
        writer.WriteStartArray(name);
        foreach (var (key, value) in tags)
        {
            writer.WriteStartObject();
            writer.WriteString("Key", key);
            writer.WriteString("Value", value);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    /// <summary>A filter: a key and what it may be.</summary>
    public static void WriteFilter(this Utf8JsonWriter writer, string key, params IEnumerable<string> values)
    {
        writer.WriteStartObject();
        writer.WriteString("Key", key);
        writer.WriteStrings("Values", values);
        writer.WriteEndObject();
    }

    /// <summary>Leaves out what is not said.</summary>
    public static void WriteIfSet(this Utf8JsonWriter writer, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text)) writer.WriteString(name, text);
    }
}
