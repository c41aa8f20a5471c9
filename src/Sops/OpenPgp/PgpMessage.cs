using System.IO.Compression;
using System.Security.Cryptography;
using Org.BouncyCastle.Utilities.Bzip2;

namespace GitOpsSecrets.Sops.OpenPgp;

/// <summary>An encrypted OpenPGP message as gpg writes it: wrapped session keys, one integrity-protected body, maybe compressed, one literal.</summary>
internal static class PgpMessage
{
    /// <summary>A data key takes some hundred bytes; a bomb stops here.</summary>
    private const int MaxPlainBytes = 64 * 1024;

    /// <param name="maxPlainBytes">As much as comes out of a message that is compressed.</param>
    /// <returns>The literal's bytes; null when no key at hand is among the recipients.</returns>
    /// <exception cref="SopsException"><see cref="SopsFailure.DataKey"/>: it cannot be decrypted; wrong padding and wrong hash look the same.</exception>
    public static byte[]? Open(ReadOnlySpan<byte> message, PgpKeys keys, int maxPlainBytes = MaxPlainBytes)
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
                if (sessionKey is not null && OpenBody(body, sessionKey) is { } plain) return ReadLiteral(plain, maxPlainBytes);
            }
        }
        return isForUs ? throw Broken("the OpenPGP message cannot be decrypted") : null;
    }

    private static byte[]? OpenBody(PgpPacket body, PgpSessionKey sessionKey) =>
        body.Tag == PgpPacket.Ocb ? PgpOcbBody.Open(body.Body, sessionKey) : PgpCfbBody.Open(body.Body, sessionKey);

    private static byte[] ReadLiteral(byte[] plain, int maxPlainBytes)
    {
        try
        {
            // One level of compression is what programs write.
            var packet = FirstThatCounts(PgpPacket.ReadAll(plain));
            if (packet?.Tag == PgpPacket.Compressed) packet = FirstThatCounts(PgpPacket.ReadAll(Decompress(packet.Body, maxPlainBytes)));
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

    /// <summary>A signature stands beside what it signs. Whose it is says nothing here: the message is for us, and was not changed.</summary>
    private static PgpPacket? FirstThatCounts(IReadOnlyList<PgpPacket>? packets) =>
        packets?.FirstOrDefault(p => p.Tag is not (PgpPacket.Marker or PgpPacket.OnePassSignature or PgpPacket.Signature));

    private static byte[] Decompress(byte[] body, int maxPlainBytes)
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
            var buffer = new byte[maxPlainBytes + 1];
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (length > maxPlainBytes) throw Broken($"the OpenPGP message holds more than {maxPlainBytes} bytes");
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
