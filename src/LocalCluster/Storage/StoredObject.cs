using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Storage;

/// <summary>One version of one object. <see cref="Json"/> is shared by all readers: never change it, <see cref="Copy"/> it.</summary>
internal sealed class StoredObject(string collection, ObjectKey key, JsonObject json, long revision)
{
    private byte[]? utf8;

    /// <summary>The resource with its group, for example <c>secrets</c> or <c>widgets.example.com</c>.</summary>
    public string Collection { get; } = collection;

    public ObjectKey Key { get; } = key;

    public JsonObject Json { get; } = json;

    public long Revision { get; } = revision;

    public string Uid => Json["metadata"]?["uid"]?.GetValue<string>() ?? "";

    public bool IsTerminating => Json["metadata"]?["deletionTimestamp"] is not null;

    /// <summary>The JSON text, made once and shared by every list and watch.</summary>
    public ReadOnlyMemory<byte> Utf8 => utf8 ??= JsonText.ToUtf8(Json);

    public JsonObject Copy() => Json.DeepClone().AsObject();
}
