using System.IO.Compression;
using System.Security.Cryptography;
using Org.BouncyCastle.Utilities.Bzip2;

namespace GitOpsSecrets.Sops.OpenPgp;

/// <summary>An encrypted OpenPGP message as gpg writes it: wrapped session keys, one integrity-protected body, maybe compressed, one literal.</summary>
internal static class PgpMessage
{
    /// <summary>A data key takes some hundred bytes; a bomb stops here.</summary>
    private const int MaxPlainBytes = 64 * 1024;

    /// <returns>The literal's bytes; null when no key at hand is among the recipients.</returns>
    /// <exception cref="SopsException"><see cref="SopsFailure.DataKey"/>: it cannot be decrypted; wrong padding and wrong hash look the same.</exception>
    public static byte[]? Open(ReadOnlySpan<byte> message, PgpKeys keys)
    {
        var packets = PgpPacket.ReadAll(message) ?? throw Broken("the OpenPGP message is cut or malformed");
        var body = packets.FirstOrDefault(p => p.Tag is PgpPacket.IntegrityProtected or PgpPacket.Ocb)
            ?? throw Broken("the OpenPGP message has no integrity-protected body");
        var isForUs = false;
        foreach (var packet in packets.Where(p => p.Tag == PgpPacket.PublicKeySessionKey))
        {
            if (PgpSessionKeyPacket.Parse(packet.Body) is not { } wrapped) continue;
            foreach (var key in keys.PrivateKeysFor(wrapped.KeyId))
            {
                isForUs |= wrapped.KeyId != 0;
                using var sessionKey = wrapped.Unwrap(key);
                if (sessionKey is not null && OpenBody(body, sessionKey) is { } plain) return ReadLiteral(plain);
            }
        }
        return isForUs ? throw Broken("the OpenPGP message cannot be decrypted") : null;
    }

    private static byte[]? OpenBody(PgpPacket body, PgpSessionKey sessionKey) =>
        body.Tag == PgpPacket.Ocb ? PgpOcbBody.Open(body.Body, sessionKey) : PgpCfbBody.Open(body.Body, sessionKey);

    private static byte[] ReadLiteral(byte[] plain)
    {
        try
        {
            // One level of compression is what programs write.
            var packet = PgpPacket.ReadAll(plain)?.FirstOrDefault(p => p.Tag != PgpPacket.Marker);
            if (packet?.Tag == PgpPacket.Compressed) packet = PgpPacket.ReadAll(Decompress(packet.Body))?.FirstOrDefault(p => p.Tag != PgpPacket.Marker);
            if (packet?.Tag != PgpPacket.Literal || packet.Body.Length < 6) throw Broken("the OpenPGP message holds no literal data");
            // Kind of text, name with its length, date.
            var start = 6 + packet.Body[1];
            return packet.Body.Length >= start ? packet.Body[start..] : throw Broken("the OpenPGP message holds no literal data");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static byte[] Decompress(byte[] body)
    {
        var data = new MemoryStream(body, 1, Math.Max(0, body.Length - 1));
        try
        {
            using Stream stream = (body.Length == 0 ? 0 : (int)body[0]) switch
            {
                1 => new DeflateStream(data, CompressionMode.Decompress),
                2 => new ZLibStream(data, CompressionMode.Decompress),
                3 => new CBZip2InputStream(data),
                _ => throw Broken("the OpenPGP message is compressed in an unknown way"),
            };
            var buffer = new byte[MaxPlainBytes + 1];
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (length > MaxPlainBytes) throw Broken("the OpenPGP message holds more than a data key");
            var result = buffer[..length];
            CryptographicOperations.ZeroMemory(buffer);
            return result;
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or IndexOutOfRangeException)
        {
            throw Broken("the OpenPGP message cannot be decompressed");
        }
    }

    private static SopsException Broken(string problem) => new(SopsFailure.DataKey, problem);
}
