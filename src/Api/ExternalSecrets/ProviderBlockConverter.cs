using System.Text.Json;
using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api.ExternalSecrets;

public sealed class ProviderBlockConverter : JsonConverter<ProviderBlock>
{
    public override ProviderBlock? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("expected an object with one member");
        return new ProviderBlock(JsonElement.ParseValue(ref reader));
    }

    public override void Write(Utf8JsonWriter writer, ProviderBlock value, JsonSerializerOptions options) => value.Json.WriteTo(writer);
}
