using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Org.BouncyCastle.Crypto.Digests;

namespace GitOpsSecrets.Controller.External;

/// <summary>
/// The original's hash of a value: SHA3-224, in hex, over the text that Go's <c>%+v</c> prints. It stands on every Secret and in every status of a live
/// cluster, so the same bytes have to come out of it here, or taking the cluster over would rewrite everything.
/// </summary>
internal static class ObjectHash
{
    private const int Bits = 224;

    public static string Of(string text) => Hex(Encoding.UTF8.GetBytes(text));

    /// <summary>Of a Secret's data: <c>map[k1:[98 97 114] k2:[...]]</c>, keys in byte order, bytes as decimal numbers.</summary>
    public static string OfData(IEnumerable<KeyValuePair<string, byte[]?>> data)
    {
        var digest = new Sha3Digest(Bits);
        Append(digest, "map[");
        var first = true;
        foreach (var (key, value) in data.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Append(digest, first ? $"{key}:[" : $" {key}:[");
            AppendBytes(digest, value ?? []);
            Append(digest, "]");
            first = false;
        }
        Append(digest, "]");
        return Finish(digest);
    }

    /// <summary>Of a part of an object as JSON: maps as <c>map[k:v]</c>, lists as <c>[a b]</c>, texts as they are.</summary>
    public static string OfContent(JsonNode? content)
    {
        var text = new StringBuilder();
        Append(text, content);
        return Of(text.ToString());
    }

    /// <summary>Of what decides, besides the generation, whether an ExternalSecret changed: the struct <c>{annotations labels}</c>.</summary>
    public static string OfMetadata(IEnumerable<KeyValuePair<string, string>>? annotations, IEnumerable<KeyValuePair<string, string>>? labels) =>
        Of($"{{annotations:{Text(annotations)} labels:{Text(labels)}}}");

    public static string Hex(ReadOnlySpan<byte> bytes)
    {
        var digest = new Sha3Digest(Bits);
        digest.BlockUpdate(bytes);
        return Finish(digest);
    }

    private static void Append(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("<nil>");
                break;
            case JsonObject map:
                text.Append("map[");
                foreach (var (index, (key, value)) in map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Index())
                {
                    text.Append(index == 0 ? "" : " ").Append(key).Append(':');
                    Append(text, value);
                }
                text.Append(']');
                break;
            case JsonArray list:
                text.Append('[');
                foreach (var (index, value) in list.Index())
                {
                    text.Append(index == 0 ? "" : " ");
                    Append(text, value);
                }
                text.Append(']');
                break;
            default:
                text.Append(node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString());
                break;
        }
    }

    private static string Text(IEnumerable<KeyValuePair<string, string>>? map) =>
        $"map[{string.Join(' ', (map ?? []).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}:{entry.Value}"))}]";

    /// <summary>Plaintext, piece by piece: no string of it is made, and the piece is zeroed.</summary>
    private static void AppendBytes(Sha3Digest digest, ReadOnlySpan<byte> value)
    {
        Span<byte> piece = stackalloc byte[4 * 64];
        var length = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (length > piece.Length - 4)
            {
                digest.BlockUpdate(piece[..length]);
                length = 0;
            }
            if (i > 0) piece[length++] = (byte)' ';
            value[i].TryFormat(piece[length..], out var digits, default, System.Globalization.CultureInfo.InvariantCulture);
            length += digits;
        }
        digest.BlockUpdate(piece[..length]);
        CryptographicOperations.ZeroMemory(piece);
    }

    private static void Append(Sha3Digest digest, string text) => digest.BlockUpdate(Encoding.UTF8.GetBytes(text));

    private static string Finish(Sha3Digest digest)
    {
        Span<byte> hash = stackalloc byte[Bits / 8];
        digest.DoFinal(hash);
        return Convert.ToHexStringLower(hash);
    }
}
