using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Sops.Documents;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>
/// From a part of an opened document to fields of a Secret. Strict, because the type tag of a SOPS value is not authenticated: what is not text is
/// refused and never converted. Paths go into messages, values never.
/// </summary>
internal static class SecretItems
{
    /// <returns><c>null</c> when the field is absent or null.</returns>
    public static string? Text(MapNode map, string key, string place) => Bytes(map[key], $"{place}.{key}") is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    public static MapNode? Map(MapNode map, string key, string place) => map[key] switch
    {
        null or ScalarNode { Kind: ScalarKind.Null } => null,
        MapNode found => found,
        _ => throw Invalid($"{place}.{key}: not a map"),
    };

    public static bool? Flag(MapNode map, string key, string place) => map[key] switch
    {
        null or ScalarNode { Kind: ScalarKind.Null } => null,
        ScalarNode { Kind: ScalarKind.Boolean } flag => flag.Bytes.AsSpan().SequenceEqual("True"u8),
        _ => throw Invalid($"{place}.{key}: not true or false"),
    };

    /// <summary>A map of texts: labels, annotations.</summary>
    public static SortedDictionary<string, string>? Texts(MapNode map, string key, string place)
    {
        if (Map(map, key, place) is not { } found) return null;
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Keys(found)) texts[name] = Text(found, name, $"{place}.{key}") ?? "";
        return texts;
    }

    /// <summary>Adds the items of a map of texts, or of base64 when <paramref name="encoded"/>, in place of those of the same name.</summary>
    public static void Add(SortedDictionary<string, byte[]?> items, MapNode map, string key, bool encoded, string place)
    {
        if (Map(map, key, place) is not { } found) return;
        foreach (var name in Keys(found))
        {
            var at = $"{place}.{key}.{name}";
            var bytes = Bytes(found[name], at) ?? [];
            if (items.Remove(name, out var old)) CryptographicOperations.ZeroMemory(old);
            items[name] = encoded ? Decode(bytes, at) : [.. bytes];
        }
    }

    private static IEnumerable<string> Keys(MapNode map) => map.Entries.Where(entry => !entry.IsComment).Select(entry => entry.Key);

    private static byte[]? Bytes(DocumentNode? node, string place) => node switch
    {
        null or ScalarNode { Kind: ScalarKind.Null } => null,
        ScalarNode { Kind: ScalarKind.Text } text when text.Bytes.AsSpan().StartsWith("ENC[AES256_GCM,"u8) =>
            throw new SopsRefusedException(SopsReason.InvalidDocument, $"{place}: is still encrypted: the selection rule leaves it out, or needs comments, which the API server drops"),
        ScalarNode { Kind: ScalarKind.Text } text => text.Bytes,
        ScalarNode scalar => throw Invalid($"{place}: is a {scalar.Kind.ToString().ToLower(CultureInfo.InvariantCulture)} and not text; quote it and encrypt the file again"),
        _ => throw Invalid($"{place}: is not text"),
    };

    private static byte[] Decode(byte[] encoded, string place)
    {
        var buffer = new byte[Base64.GetMaxDecodedFromUtf8Length(encoded.Length)];
        try
        {
            return Base64.DecodeFromUtf8(encoded, buffer, out _, out var written) == OperationStatus.Done ? buffer[..written] : throw Invalid($"{place}: is not base64");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    public static SopsRefusedException Invalid(string problem) => new(SopsReason.InvalidDocument, problem);
}
