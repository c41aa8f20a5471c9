using System.Buffers;
using System.Text.Json;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>Reads one line of a watch, <c>{"type": …, "object": …}</c>, in one pass and without making a string of it.</summary>
internal static class WatchLine
{
    public static WatchEvent<T> Read<T>(ReadOnlySequence<byte> line, KubeKind<T> kind)
        where T : class
    {
        try
        {
            return TrySplit(line, out var type, out var item) ? ReadEvent(type, item, kind) : Garbled<T>();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter: text that is not UTF-8.
            return Garbled<T>();
        }
    }

    private static WatchEvent<T> Garbled<T>()
        where T : class => new(WatchEventType.Garbled, null);

    private static bool TrySplit(ReadOnlySequence<byte> line, out string? type, out ReadOnlySequence<byte> item)
    {
        type = null;
        item = default;
        var found = false;
        var reader = new Utf8JsonReader(line);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isItem = reader.ValueTextEquals("object"u8);
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String)
            {
                type = reader.GetString();
            }

            var start = reader.TokenStartIndex;
            reader.Skip();
            if (isItem)
            {
                item = line.Slice(start, reader.BytesConsumed - start);
                found = true;
            }
        }

        return found && type is not null && !reader.Read();
    }

    private static WatchEvent<T> ReadEvent<T>(string? type, ReadOnlySequence<byte> item, KubeKind<T> kind)
        where T : class
    {
        var reader = new Utf8JsonReader(item);
        switch (type)
        {
            case "ADDED":
                return ReadChange(WatchEventType.Added, reader, kind);
            case "MODIFIED":
                return ReadChange(WatchEventType.Modified, reader, kind);
            case "DELETED":
                return ReadChange(WatchEventType.Deleted, reader, kind);
            case "BOOKMARK":
                reader.Read();
                return new(WatchEventType.Bookmark, null, default, PartialObjectMetadataConverter.ReadLenient(ref reader).ResourceVersion);
            case "ERROR":
                return new(WatchEventType.Error, null, Status: JsonSerializer.Deserialize(ref reader, KubeJson.Default.KubeStatus));
            default:
                return Garbled<T>();
        }
    }

    private static WatchEvent<T> ReadChange<T>(WatchEventType type, Utf8JsonReader reader, KubeKind<T> kind)
        where T : class
    {
        var start = reader;
        var path = "";
        try
        {
            if (JsonSerializer.Deserialize(ref reader, kind.TypeInfo) is { } item)
            {
                return new(type, item, kind.Key(item), kind.ResourceVersion(item));
            }
        }
#pragma warning disable CA1031 // Converters of kinds throw what they like; one object must not end the watch of all.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            // Told below by name and place; the exception could quote the object.
            path = UnreadableObject.PathOf(failure);
        }

        start.Read();
        var metadata = PartialObjectMetadataConverter.ReadLenient(ref start);
        return metadata.Key.Name.Length == 0
            ? Garbled<T>()
            : new(type == WatchEventType.Deleted ? type : WatchEventType.Unreadable, null, metadata.Key, metadata.ResourceVersion, UnreadablePath: path);
    }
}
