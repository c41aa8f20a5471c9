using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>
/// Signatures as Standard Webhooks has them:
/// <code>
///  webhook-id: ID
///  webhook-timestamp: SECONDS
///  webhook-signature: v1,BASE64 v1,BASE64 …
/// </code>
/// each BASE64 is HMAC-SHA256 over <c>ID.SECONDS.BODY</c>. One that fits one key is enough, so that sender and receiver change keys one after the other. The id is signed:
/// who replays a request cannot give it a new one.
/// </summary>
internal sealed class SignedProof(IReadOnlyList<string> keyFiles, TimeProvider time) : IProof
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>How far the sender's clock may be off, and how long a request may be on its way.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string Version = "v1,";
    private const int LongestId = 256;
    private const int MostSignatures = 10;

    public bool CoversBody => true;

    public Task<ProofFinding> CheckAsync(IHeaderDictionary headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => Task.FromResult(Check(headers, body.Span));

    private ProofFinding Check(IHeaderDictionary headers, ReadOnlySpan<byte> body)
    {
        if (Single(headers[IdHeader]) is not { Length: > 0 and <= LongestId } id || Single(headers[TimestampHeader]) is not { } timestamp || Single(headers[SignatureHeader]) is not { } signatures) return ProofFinding.Refused;
        if (TimeOf(timestamp) is not { } sent || (time.GetUtcNow() - sent).Duration() > Tolerance) return ProofFinding.Refused;
        return IsSigned($"{id}.{timestamp}.", body, signatures) ? new ProofFinding(true, id, sent + Tolerance) : ProofFinding.Refused;
    }

    private bool IsSigned(string head, ReadOnlySpan<byte> body, string signatures)
    {
        using var keys = SharedKeys.Load(keyFiles, isSigning: true);
        var given = signatures.Split(' ', MostSignatures + 1, StringSplitOptions.RemoveEmptyEntries).Take(MostSignatures).Select(Decode).OfType<byte[]>().ToList();
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var found = false;
        foreach (var key in keys.All)
        {
            using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            hash.AppendData(Encoding.UTF8.GetBytes(head));
            hash.AppendData(body);
            hash.GetHashAndReset(right);
            // All are looked at, whichever fits.
            foreach (var signature in given) found |= CryptographicOperations.FixedTimeEquals(right, signature);
        }
        return found;
    }

    private static byte[]? Decode(string signature)
    {
        if (!signature.StartsWith(Version, StringComparison.Ordinal) || signature.Length > Version.Length + Base64.GetMaxEncodedToUtf8Length(HMACSHA256.HashSizeInBytes)) return null;
        var bytes = new byte[HMACSHA256.HashSizeInBytes];
        return Convert.TryFromBase64String(signature[Version.Length..], bytes, out var written) && written == bytes.Length ? bytes : null;
    }

    private static DateTimeOffset? TimeOf(string timestamp) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static string? Single(StringValues values) => values.Count == 1 ? values[0] : null;
}
