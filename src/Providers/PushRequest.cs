using System.Text.Json;
using System.Text.Unicode;

namespace GitOpsSecrets.Providers;

/// <summary>One entry of a PushSecret, resolved.</summary>
/// <param name="Place">Where to.</param>
/// <param name="Source">The source Secret's data; the caller's, who disposes it.</param>
/// <param name="SecretKey">The key of <paramref name="Source"/> to push; null pushes the whole Secret.</param>
/// <param name="SourceType">The source Secret's type, such as <c>Opaque</c> or <c>kubernetes.io/tls</c>.</param>
/// <param name="SourceLabels">The source Secret's labels.</param>
/// <param name="SourceAnnotations">The source Secret's annotations.</param>
/// <param name="Metadata">The entry's <c>metadata</c>, as written: how the store should keep it, in the store's own terms.</param>
public sealed record PushRequest(
    RemotePlace Place,
    SecretValues Source,
    string? SecretKey,
    string SourceType,
    IReadOnlyDictionary<string, string> SourceLabels,
    IReadOnlyDictionary<string, string> SourceAnnotations,
    JsonElement? Metadata)
{
    /// <summary>As <see cref="Unused"/> has it.</summary>
    public const string Property = "match.remoteRef.property";

    private readonly HashSet<string> unused = new(StringComparer.Ordinal);
    private readonly SortedSet<string> garbled = new(StringComparer.Ordinal);

    /// <summary>Fields of the entry, by their names there, that were given and that the store had no use for: it says so while it pushes, and the entry's author is told.</summary>
    public IReadOnlyCollection<string> Unused => unused;

    /// <summary>Items that are no text, and were pushed inside one: what is no UTF-8 in them is U+FFFD there.</summary>
    public IReadOnlyCollection<string> Garbled => garbled;

    /// <summary>Whether the store keeps <see cref="SourceType"/>, <see cref="SourceLabels"/> and <see cref="SourceAnnotations"/> with the value: it says so while it pushes.</summary>
    public bool KeepsMetadata { get; internal set; }

    internal void Garble(string item) => garbled.Add(item);

    /// <summary>Of the item that is pushed, which goes into a text.</summary>
    internal void GarbleUnlessText(ReadOnlySpan<byte> value)
    {
        if (!string.IsNullOrEmpty(SecretKey) && !Utf8.IsValid(value)) Garble(SecretKey);
    }

    internal void LeaveProperty()
    {
        if (!string.IsNullOrEmpty(Place.Property)) Leave(Property);
    }

    internal void LeaveMetadata()
    {
        if (Metadata is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) }) Leave("metadata");
    }

    internal void Leave(string field) => unused.Add(field);
}
