using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>
/// Reads the metadata of any object and skips the rest without making strings of it. Lenient: a field of an unexpected form is
/// skipped, so that the name of a broken object can still be told.
/// </summary>
internal sealed class PartialObjectMetadataConverter(SharedStrings strings) : JsonConverter<PartialObjectMetadata>
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>Reading with a table of shared strings of its own.</summary>
    public static JsonTypeInfo<PartialObjectMetadata> NewTypeInfo()
    {
        var options = new JsonSerializerOptions { TypeInfoResolver = KubeJson.Default };
        return JsonMetadataServices.CreateValueInfo<PartialObjectMetadata>(options, new PartialObjectMetadataConverter(new SharedStrings()));
    }

    /// <summary>Reads one object without sharing strings.</summary>
    public static PartialObjectMetadata ReadLenient(ref Utf8JsonReader reader) => ReadObject(ref reader, null);

    public override PartialObjectMetadata Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ReadObject(ref reader, strings);

    public override void Write(Utf8JsonWriter writer, PartialObjectMetadata value, JsonSerializerOptions options) =>
        throw new NotSupportedException("metadata alone is only read");

    private static PartialObjectMetadata ReadObject(ref Utf8JsonReader reader, SharedStrings? strings)
    {
        var found = new Draft();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.SkipValue();
            return found.ToMetadata();
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMetadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (isMetadata && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadMetadata(ref reader, found, strings);
            }
            else
            {
                reader.SkipValue();
            }
        }

        return found.ToMetadata();
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, Draft found, SharedStrings? strings)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("labels"u8))
            {
                found.Labels = ReadPairs(ref reader, strings);
            }
            else if (reader.ValueTextEquals("annotations"u8))
            {
                found.Annotations = ReadPairs(ref reader, strings);
            }
            else if (reader.ValueTextEquals("ownerReferences"u8))
            {
                found.Owners = ReadOwners(ref reader, strings);
            }
            else
            {
                ReadScalar(ref reader, found, strings);
            }
        }
    }

    private static void ReadScalar(ref Utf8JsonReader reader, Draft found, SharedStrings? strings)
    {
        if (reader.ValueTextEquals("name"u8))
        {
            found.Name = ReadText(ref reader, null) ?? "";
        }
        else if (reader.ValueTextEquals("namespace"u8))
        {
            found.Namespace = ReadText(ref reader, strings) ?? "";
        }
        else if (reader.ValueTextEquals("uid"u8))
        {
            found.Uid = ReadText(ref reader, null);
        }
        else if (reader.ValueTextEquals("resourceVersion"u8))
        {
            found.ResourceVersion = ReadText(ref reader, null);
        }
        else if (reader.ValueTextEquals("creationTimestamp"u8))
        {
            found.CreationTimestamp = ReadText(ref reader, strings);
        }
        else if (reader.ValueTextEquals("generation"u8))
        {
            reader.Read();
            found.Generation = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var generation) ? generation : null;
            reader.SkipValue();
        }
        else if (reader.ValueTextEquals("deletionTimestamp"u8))
        {
            found.Deleting = ReadText(ref reader, strings) is not null;
        }
        else
        {
            reader.Read();
            reader.SkipValue();
        }
    }

    private static string? ReadText(ref Utf8JsonReader reader, SharedStrings? strings)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return strings is null ? reader.GetString() : strings.Read(ref reader);
        }

        reader.SkipValue();
        return null;
    }

    private static KeyValuePair<string, string>[] ReadPairs(ref Utf8JsonReader reader, SharedStrings? strings)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.SkipValue();
            return [];
        }

        var pairs = new List<KeyValuePair<string, string>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(LastApplied))
            {
                reader.Read();
                reader.SkipValue();
                continue;
            }

            var name = strings is null ? reader.GetString() ?? "" : strings.Read(ref reader);
            if (ReadText(ref reader, strings) is { } value)
            {
                pairs.Add(new(name, value));
            }
        }

        return [.. pairs];
    }

    private static OwnerReference[] ReadOwners(ref Utf8JsonReader reader, SharedStrings? strings)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.SkipValue();
            return [];
        }

        var owners = new List<OwnerReference>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            owners.Add(ReadOwner(ref reader, strings));
        }

        return [.. owners];
    }

    private static OwnerReference ReadOwner(ref Utf8JsonReader reader, SharedStrings? strings)
    {
        string apiVersion = "", kind = "", name = "", uid = "";
        bool? controller = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.SkipValue();
        }
        else
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("apiVersion"u8))
                {
                    apiVersion = ReadText(ref reader, strings) ?? "";
                }
                else if (reader.ValueTextEquals("kind"u8))
                {
                    kind = ReadText(ref reader, strings) ?? "";
                }
                else if (reader.ValueTextEquals("name"u8))
                {
                    name = ReadText(ref reader, null) ?? "";
                }
                else if (reader.ValueTextEquals("uid"u8))
                {
                    uid = ReadText(ref reader, null) ?? "";
                }
                else
                {
                    var isController = reader.ValueTextEquals("controller"u8);
                    reader.Read();
                    controller = isController ? reader.TokenType == JsonTokenType.True : controller;
                    reader.SkipValue();
                }
            }
        }

        return new OwnerReference { ApiVersion = apiVersion, Kind = kind, Name = name, Uid = uid, Controller = controller };
    }

    /// <summary>The fields as they come, in any order.</summary>
    private sealed class Draft
    {
        public string Namespace = "";
        public string Name = "";
        public string? Uid;
        public string? ResourceVersion;
        public string? CreationTimestamp;
        public long? Generation;
        public bool Deleting;
        public KeyValuePair<string, string>[] Labels = [];
        public KeyValuePair<string, string>[] Annotations = [];
        public OwnerReference[] Owners = [];

        public PartialObjectMetadata ToMetadata() => new()
        {
            Key = new NamespacedName(Namespace, Name),
            Uid = Uid,
            ResourceVersion = ResourceVersion,
            CreationTimestamp = CreationTimestamp,
            Generation = Generation,
            Deleting = Deleting,
            Labels = Labels,
            Annotations = Annotations,
            OwnerReferences = Owners,
        };
    }
}
