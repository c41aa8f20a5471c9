using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Sops.Age;

/// <summary>SSH's binary encoding of public keys (RFC 4253 §6.6): strings with a 4-byte length.</summary>
internal static class SshWire
{
    public static byte[] Encode(params ReadOnlySpan<byte[]> fields)
    {
        var result = new List<byte>();
        var length = new byte[4];
        foreach (var field in fields)
        {
            BinaryPrimitives.WriteInt32BigEndian(length, field.Length);
            result.AddRange(length);
            result.AddRange(field);
        }
        return [.. result];
    }

    /// <returns>Null when the bytes are not exactly a row of strings.</returns>
    public static IReadOnlyList<byte[]>? Decode(ReadOnlySpan<byte> wire)
    {
        var fields = new List<byte[]>();
        while (!wire.IsEmpty)
        {
            if (wire.Length < 4) return null;
            var length = BinaryPrimitives.ReadUInt32BigEndian(wire);
            wire = wire[4..];
            if (length > wire.Length) return null;
            fields.Add(wire[..(int)length].ToArray());
            wire = wire[(int)length..];
        }
        return fields;
    }

    /// <summary>The first argument of ssh stanzas: four bytes that tell which key a stanza is for.</summary>
    public static string Tag(ReadOnlySpan<byte> wire) => AgeBase64.EncodeUnpadded(SHA256.HashData(wire).AsSpan(0, 4));

    /// <summary>Whether a stanza of this type is for the key with this tag.</summary>
    /// <exception cref="AgeException">Header: it has another number of arguments, or its tag is not 4 bytes.</exception>
    public static bool IsFor(AgeStanza stanza, string tag, int arguments)
    {
        if (stanza.Arguments.Count != arguments || !AgeBase64.TryDecodeUnpadded(stanza.Arguments[0], out var given) || given.Length != 4)
        {
            throw AgeHeader.Malformed("an ssh stanza does not begin with a tag of 4 bytes");
        }
        return stanza.Arguments[0] == tag;
    }

    public static byte[] Name(string type) => Encoding.ASCII.GetBytes(type);
}
