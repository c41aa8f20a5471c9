using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>
/// The identity token that Pub/Sub sends along with each message, when its subscription says with which service account: a JWT that Google signed (RS256), for our audience,
/// made out to that account.
/// </summary>
internal sealed class GoogleProof(GoogleCaller caller, SigningCertificates certificates, TimeProvider time) : IProof
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);
    private static readonly JsonDocumentOptions Bounds = new() { MaxDepth = 8 };

    public bool CoversBody => false;

    public async Task<ProofFinding> CheckAsync(IHeaderDictionary headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (BearerProof.TokenIn(headers)?.Split('.') is not [var head, var claims, var signature]) return ProofFinding.Refused;
        using var header = Parse(head);
        if (header is null || JsonMembers.Text(header.RootElement, "alg") != "RS256" || JsonMembers.Text(header.RootElement, "kid") is not { Length: > 0 } id) return ProofFinding.Refused;
        using var said = Parse(claims);
        if (said is null || !IsForUs(said.RootElement)) return ProofFinding.Refused;
        if (await certificates.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } key) return ProofFinding.Refused;
        return IsSigned(key, $"{head}.{claims}", signature) ? ProofFinding.Genuine : ProofFinding.Refused;
    }

    private bool IsForUs(JsonElement claims)
    {
        var now = time.GetUtcNow();
        return JsonMembers.Text(claims, "iss") is "https://accounts.google.com" or "accounts.google.com"
            && JsonMembers.Text(claims, "aud") == caller.Audience
            && JsonMembers.Text(claims, "email") == caller.ServiceAccount
            && JsonMembers.Member(claims, "email_verified").ValueKind == JsonValueKind.True
            && Seconds(claims, "exp") is { } until && until + Skew.TotalSeconds > now.ToUnixTimeSeconds()
            && Seconds(claims, "iat") is { } from && from - Skew.TotalSeconds <= now.ToUnixTimeSeconds();
    }

    private static long? Seconds(JsonElement claims, string name) => JsonMembers.Member(claims, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var seconds) ? seconds : null;

    private static JsonDocument? Parse(string part)
    {
        try
        {
            return JsonDocument.Parse(Base64Url.DecodeFromChars(part), Bounds);
        }
        catch (Exception failure) when (failure is JsonException or FormatException)
        {
            return null;
        }
    }

    private static bool IsSigned(RSAParameters key, string text, string signature)
    {
        try
        {
            using var rsa = RSA.Create(key);
            return rsa.VerifyData(Encoding.ASCII.GetBytes(text), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException)
        {
            return false;
        }
    }
}
