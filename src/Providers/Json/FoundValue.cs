using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Providers.Json;

/// <summary>What a path led to in an answer, copied out of it; zeroed on disposal.</summary>
internal sealed class FoundValue : IDisposable
{
    private readonly JsonKind kind;
    private readonly byte[] raw;

    private FoundValue(JsonPiece piece) => (kind, raw) = (piece.Kind, piece.Raw.ToArray());

    public bool IsNull => kind is JsonKind.Null;

    public bool IsEmptyContainer => kind switch
    {
        JsonKind.Array => JsonParts.ElementsOf(raw).Count == 0,
        JsonKind.Object => JsonParts.MembersOf(raw).Count == 0,
        _ => false,
    };

    public bool IsList => kind == JsonKind.Array;

    public bool IsObject => kind == JsonKind.Object;

    public JsonPiece Piece => new(kind, raw);

    public string Text
    {
        get
        {
            var bytes = ToBytes();
            var text = Encoding.UTF8.GetString(bytes);
            CryptographicOperations.ZeroMemory(bytes);
            return text;
        }
    }

    /// <summary>Null where there is nothing.</summary>
    public static FoundValue? In(ReadOnlyMemory<byte> json, string path)
    {
        using var run = new GjsonRun();
        var found = Gjson.Find(json, path, run);
        return found.Exists ? new FoundValue(found) : null;
    }

    /// <summary>The text at a path; null where there is nothing, or null.</summary>
    public static string? TextIn(ReadOnlyMemory<byte> json, string path)
    {
        using var found = In(json, path);
        return found is null or { IsNull: true } ? null : found.Text;
    }

    /// <summary>As a secret's value: a string without its quotes, anything else as it is written. The caller's to zero.</summary>
    public byte[] ToBytes() => Piece.ToText();

    public void Dispose() => CryptographicOperations.ZeroMemory(raw);
}
