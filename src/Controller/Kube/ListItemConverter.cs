using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>Reads one object of a list; when it is JSON but not an object of the kind, its name.</summary>
internal sealed class ListItemConverter<T>(JsonTypeInfo<T> item) : JsonConverter<ListItem<T>>
    where T : class
{
    public override ListItem<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var start = reader;
        var path = "";
        try
        {
            if (JsonSerializer.Deserialize(ref reader, item) is { } value)
            {
                return new ListItem<T>(value, null);
            }
        }
#pragma warning disable CA1031 // Converters of kinds throw what they like; one object must not spoil the list of all.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            // Told below by name and place; the exception could quote the object.
            path = UnreadableObject.PathOf(failure);
        }

        reader = start;
        var metadata = PartialObjectMetadataConverter.ReadLenient(ref reader);
        return new ListItem<T>(null, new UnreadableObject(metadata.Key, metadata.ResourceVersion, path));
    }

    public override void Write(Utf8JsonWriter writer, ListItem<T> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("lists are only read");
}
