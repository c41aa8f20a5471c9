using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using GitOpsSecrets.Providers.Declared;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>Keys of recorded stores, and what a store does with its half: what is signed and sealed differs each time, so it is opened before it is compared.</summary>
internal static partial class RecordedKeys
{
    /// <summary>The private half of the key that recordings seal for: 65, 66, … 96. Its public half is <c>ZLEBsdC+WocEvQePmJUAH8A+jp+VIvGI3RKNmEbUhGY=</c>.</summary>
    public static readonly byte[] Box = [.. Enumerable.Range(65, 32).Select(one => (byte)one)];

    private static readonly Lazy<RSA> Rsa = new(() => RSA.Create(2048));

    private static readonly Lazy<RSA> OtherRsa = new(() => RSA.Create(2048));

    private static readonly Lazy<(string Certificate, string Key)> Pair = new(() =>
    {
        using var certificates = new TestCertificates();
        using var certificate = certificates.Issue("app");
        return (certificate.ExportCertificatePem(), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    });

    /// <summary><c>{rsa}</c> is the key that recorded stores sign with; <c>{rsa:json}</c> the same within a JSON text, and <c>{rsa:other}</c> the one that takes its place; <c>{certificate}</c> and <c>{certificate:key}</c> show who they are.</summary>
    public static string Filled(string text) => !text.Contains('{', StringComparison.Ordinal) ? text : text
        .Replace("{rsa:other}", OtherRsa.Value.ExportPkcs8PrivateKeyPem(), StringComparison.Ordinal)
        .Replace("{certificate}", Pair.Value.Certificate, StringComparison.Ordinal)
        .Replace("{certificate:key}", Pair.Value.Key, StringComparison.Ordinal)
        .Replace("{rsa}", Rsa.Value.ExportPkcs8PrivateKeyPem(), StringComparison.Ordinal)
        .Replace("{rsa:json}", JsonEncodedText.Encode(Rsa.Value.ExportPkcs8PrivateKeyPem()).ToString(), StringComparison.Ordinal);

    /// <summary>A JWT becomes <c>jwt HEADER CLAIMS</c>, if its signature is good.</summary>
    public static string Read(string text) => Jwt().Replace(text, token =>
    {
        var parts = token.Value.Split('.');
        var header = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0]));
        var padding = header.Contains("PS256", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        var isGood = Rsa.Value.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, padding);
        return $"{(isGood ? "jwt" : "forged")} {header} {Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]))}";
    });

    /// <summary>The message of a box that was sealed for <see cref="Box"/>; null when it is none.</summary>
    public static string? Open(string base64)
    {
        var box = Convert.FromBase64String(base64);
        var (mine, key) = (new byte[32], new byte[32]);
        X25519.ScalarMultBase(Box, 0, mine, 0);
        X25519.CalculateAgreement(Box, 0, box, 0, key, 0);
        SealedBox.DeriveKey(key);
        var digest = new Blake2bDigest(192);
        digest.BlockUpdate(box.AsSpan(0, 32));
        digest.BlockUpdate(mine);
        var nonce = new byte[24];
        digest.DoFinal(nonce, 0);
        var cipher = new XSalsa20Engine();
        cipher.Init(false, new ParametersWithIV(new KeyParameter(key), nonce));
        byte[] stream = [.. new byte[32], .. box[48..]];
        cipher.ProcessBytes(stream, 0, stream.Length, stream, 0);
        var mac = new Poly1305();
        mac.Init(new KeyParameter(stream, 0, 32));
        mac.BlockUpdate(box, 48, box.Length - 48);
        var tag = new byte[16];
        mac.DoFinal(tag, 0);
        return tag.AsSpan().SequenceEqual(box.AsSpan(32, 16)) ? Encoding.UTF8.GetString(stream, 32, stream.Length - 32) : null;
    }

    /// <summary>By which key a request is signed as Chef wants it: <c>signed by {rsa}</c>, or <c>{rsa:other}</c>; empty where it is by neither.</summary>
    public static string SignerOf(HttpRequest request)
    {
        var headers = request.Headers;
        var signature = string.Concat(Enumerable.Range(1, 9).Select(number => headers[$"X-Ops-Authorization-{number}"].ToString()));
        if (signature.Length == 0) return "";
        var lines = (string[])[$"Method:{request.Method}", $"Path:{request.Path}", .. ((string[])["X-Ops-Content-Hash", "X-Ops-Sign", "X-Ops-Timestamp", "X-Ops-UserId", "X-Ops-Server-API-Version"]).Select(name => $"{name}:{headers[name]}")];
        bool IsBy(RSA key) => key.VerifyData(Encoding.UTF8.GetBytes(string.Join('\n', lines)), Convert.FromBase64String(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return IsBy(Rsa.Value) ? "signed by {rsa}" : IsBy(OtherRsa.Value) ? "signed by {rsa:other}" : "";
    }

    /// <summary>As <c>openssl enc -aes-256-cbc -md md5</c> writes it.</summary>
    public static string Encrypted(string text, string passphrase)
    {
        var salt = RandomNumberGenerator.GetBytes(8);
        byte[] secret = [];
        byte[] hash = [];
#pragma warning disable CA5351 // What the vendor's clients write.
        while (secret.Length < 48) secret = [.. secret, .. hash = MD5.HashData([.. hash, .. Encoding.UTF8.GetBytes(passphrase), .. salt])];
#pragma warning restore CA5351
        using var aes = Aes.Create();
        aes.Key = secret[..32];
#pragma warning disable CA5401 // The vector is the format's.
        return Convert.ToBase64String([.. "Salted__"u8, .. salt, .. aes.EncryptCbc(Encoding.UTF8.GetBytes(text), secret[32..])]);
#pragma warning restore CA5401
    }

    [GeneratedRegex("eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+")]
    private static partial Regex Jwt();
}
