using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api;

/// <summary>A text, or a whole number of seconds; each is written as it was read.</summary>
public sealed class GoDurationConverter : JsonConverter<GoDuration>
{
    public override GoDuration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => GoDuration.Parse(reader.GetString()!),
        JsonTokenType.Number when reader.TryGetInt64(out var seconds) => GoDuration.FromSeconds(seconds),
        _ => throw new JsonException("expected a duration, such as \"1h30m\", or a whole number of seconds"),
    };

    public override void Write(Utf8JsonWriter writer, GoDuration value, JsonSerializerOptions options)
    {
        if (value.IsNumber) writer.WriteNumberValue(long.Parse(value.Text, CultureInfo.InvariantCulture));
        else writer.WriteStringValue(value.Text ?? "");
    }
}
