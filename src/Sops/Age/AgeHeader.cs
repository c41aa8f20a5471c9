using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Sops.Age;

/// <summary>
/// The text before the payload:
/// <code>
/// age-encryption.org/v1
/// -> type argument argument        one stanza a recipient; the body in unpadded base64,
/// 64 columns of body ...           64 columns a line, ended by a line shorter than that
/// --- MAC
/// </code>
/// Lines end with LF alone. There is one way to write a header, and <see cref="Parse"/> refuses all others, therefore the MAC over the bytes
/// as read equals the MAC over the bytes as they would be written (C2SP age.md, "Header").
/// </summary>
internal sealed record AgeHeader(IReadOnlyList<AgeStanza> Stanzas, byte[] Mac)
{
    private const string Version = "age-encryption.org/v1";
    private const int BodyColumns = 64;
    private const int MacSize = 32;

    /// <param name="file">A whole binary age file.</param>
    /// <param name="limits">Bounds on header length and stanzas.</param>
    /// <param name="length">Bytes the header takes; the payload starts there.</param>
    /// <exception cref="AgeException">Header or limit.</exception>
    public static AgeHeader Parse(ReadOnlySpan<byte> file, AgeLimits limits, out int length)
    {
        var lines = new AgeHeaderLines(file[..Math.Min(file.Length, limits.MaxHeaderBytes)], truncated: file.Length > limits.MaxHeaderBytes);
        if (lines.Next() != Version) throw Malformed("it does not start with the version line of age v1");
        var stanzas = new List<AgeStanza>();
        while (true)
        {
            var line = lines.Next();
            if (line.StartsWith("---", StringComparison.Ordinal))
            {
                length = lines.Position;
                return new AgeHeader(stanzas, ParseMac(line));
            }
            if (stanzas.Count == limits.MaxStanzas) throw new AgeException(AgeFailure.Limit, $"age header: more than {limits.MaxStanzas} recipient stanzas");
            stanzas.Add(ParseStanza(line, ref lines));
        }
    }

    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        AppendAuthenticated(text);
        text.Append(' ').Append(AgeBase64.EncodeUnpadded(Mac)).Append('\n');
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>HMAC-SHA-256 over everything up to and including <c>---</c>, under a key derived from the file key.</summary>
    public static byte[] ComputeMac(IReadOnlyList<AgeStanza> stanzas, AgeFileKey fileKey)
    {
        var text = new StringBuilder();
        new AgeHeader(stanzas, []).AppendAuthenticated(text);
        Span<byte> key = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey.Bytes, key, [], "header"u8);
        try
        {
            return HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text.ToString()));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private void AppendAuthenticated(StringBuilder text)
    {
        text.Append(Version).Append('\n');
        foreach (var stanza in Stanzas)
        {
            text.Append("-> ").Append(stanza.Type);
            foreach (var argument in stanza.Arguments) text.Append(' ').Append(argument);
            text.Append('\n');
            var body = AgeBase64.EncodeUnpadded(stanza.Body);
            // An exactly full last line is followed by an empty one: only a short line ends a body.
            for (var start = 0; start <= body.Length; start += BodyColumns)
            {
                text.Append(body.AsSpan(start, Math.Min(BodyColumns, body.Length - start))).Append('\n');
            }
        }
        text.Append("---");
    }

    private static AgeStanza ParseStanza(string line, ref AgeHeaderLines lines)
    {
        if (!line.StartsWith("-> ", StringComparison.Ordinal)) throw Malformed("a stanza does not start with an arrow");
        var words = line[3..].Split(' ');
        foreach (var word in words)
        {
            if (word.Length == 0 || word.AsSpan().ContainsAnyExceptInRange('!', '~')) throw Malformed("a stanza argument is empty or holds a forbidden character");
        }
        var body = new StringBuilder();
        string part;
        do
        {
            part = lines.Next();
            if (part.Length > BodyColumns) throw Malformed("a stanza body line is longer than 64 columns");
            body.Append(part);
        }
        while (part.Length == BodyColumns);
        if (!AgeBase64.TryDecodeUnpadded(body.ToString(), out var bytes)) throw Malformed("a stanza body is not canonical base64");
        return new AgeStanza(words[0], words[1..], bytes);
    }

    private static byte[] ParseMac(string line)
    {
        if (!line.StartsWith("--- ", StringComparison.Ordinal)
            || !AgeBase64.TryDecodeUnpadded(line.AsSpan(4), out var mac)
            || mac.Length != MacSize)
        {
            throw Malformed("the MAC line is not three dashes, a space and 32 bytes in canonical base64");
        }
        return mac;
    }

    internal static AgeException Malformed(string problem) => new(AgeFailure.Header, "age header: " + problem);
}
