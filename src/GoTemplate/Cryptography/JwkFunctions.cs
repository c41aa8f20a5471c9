using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Functions.Data;
using GitOpsSecrets.GoTemplate.Functions.Encoding;
using GitOpsSecrets.GoTemplate.Values;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.X509;

namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>JSON Web Keys as PEM. A private key is never turned into its public one, nor the reverse accepted.</summary>
internal static class JwkFunctions
{
    public static GoFunction[] All { get; } =
    [
        new("jwkPublicKeyPem", "string", PublicPem),
        new("jwkPrivateKeyPem", "string", PrivatePem),
    ];

    private static GoString PublicPem(Call call)
    {
        var (jwk, kind) = Read(call);
        return Has(jwk, "d") || kind == "oct"
            ? throw new FunctionException($"x509: unsupported public key type: {kind}")
            : PemBlock.Encode("PUBLIC KEY", SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(PublicKey(jwk, kind)).GetEncoded(Asn1Encodable.Der));
    }

    private static GoString PrivatePem(Call call)
    {
        var (jwk, kind) = Read(call);
        return !Has(jwk, "d")
            ? throw new FunctionException($"x509: unknown key type while marshaling PKCS#8: {kind}")
            : PemBlock.Encode("PRIVATE KEY", PrivateKeyText.Of(PrivateKey(jwk, kind)).Pkcs8);
    }

    private static (GoMap Jwk, string Kind) Read(Call call)
    {
        GoValue value;
        try
        {
            value = JsonReader.Read(call.Budget, call.Text(0).Span);
        }
        catch (FunctionException e)
        {
            throw new FunctionException($"failed to unmarshal JSON into key hint: {e.Message}");
        }

        var jwk = value as GoMap ?? throw new FunctionException("failed to unmarshal JSON into key hint: not an object");
        var kind = (jwk.Entries.GetValueOrDefault(GoString.Of("kty")) as GoString)?.ToText() ?? "";
        return kind is "RSA" or "EC" or "OKP" or "oct" ? (jwk, kind) : throw new FunctionException($"invalid key type from JSON ({kind})");
    }

    private static bool Has(GoMap jwk, string name) => jwk.Entries.ContainsKey(GoString.Of(name));

    private static byte[] Bytes(GoMap jwk, string name)
    {
        var text = jwk.Entries.GetValueOrDefault(GoString.Of(name)) as GoString ?? throw new FunctionException($"failed to unmarshal JSON into key: required field {name} is missing");
        var padded = text.ToText().TrimEnd('=');
        padded += new string('=', (4 - (padded.Length % 4)) % 4);
        var bytes = System.Text.Encoding.UTF8.GetBytes(padded);
        // The original's library tells the alphabet by these two, so keys in the standard one work there.
        var (value, _) = padded.AsSpan().ContainsAny('+', '/') ? GoBase64.Decode(bytes) : GoBase64.DecodeUrl(bytes);
        return value ?? throw new FunctionException($"failed to unmarshal JSON into key: failed to decode {name}");
    }

    private static BigInteger Number(GoMap jwk, string name) => new(1, Bytes(jwk, name));

    private static AsymmetricKeyParameter PublicKey(GoMap jwk, string kind) => kind switch
    {
        "RSA" => Checked(() => new RsaKeyParameters(false, Number(jwk, "n"), Number(jwk, "e"))),
        "EC" => Checked(() => EllipticKey(jwk)),
        _ => Checked(() => new Ed25519PublicKeyParameters(Edwards(jwk, "x"))),
    };

    private static ECPublicKeyParameters EllipticKey(GoMap jwk)
    {
        var curve = Curve(jwk);
        var parameters = SecNamedCurves.GetByOid(curve);
        return new("EC", parameters.Curve.ValidatePoint(Number(jwk, "x"), Number(jwk, "y")), curve);
    }

    private static AsymmetricKeyParameter PrivateKey(GoMap jwk, string kind) => kind switch
    {
        "RSA" => Checked(() => RsaKey(jwk)),
        "EC" => Checked(() => new ECPrivateKeyParameters("EC", Number(jwk, "d"), Curve(jwk))),
        "OKP" => Checked(() => new Ed25519PrivateKeyParameters(Edwards(jwk, "d"))),
        _ => throw new FunctionException("x509: unknown key type while marshaling PKCS#8: []uint8"),
    };

    private static RsaPrivateCrtKeyParameters RsaKey(GoMap jwk)
    {
        var (d, p, q) = (Number(jwk, "d"), Number(jwk, "p"), Number(jwk, "q"));
        var dp = d.Mod(p.Subtract(BigInteger.One));
        var dq = d.Mod(q.Subtract(BigInteger.One));
        return new(Number(jwk, "n"), Number(jwk, "e"), d, p, q, dp, dq, q.ModInverse(p));
    }

    private static T Checked<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (Exception e) when (e is ArgumentException or ArithmeticException or InvalidOperationException)
        {
            throw new FunctionException("failed to unmarshal JSON into key: invalid key");
        }
    }

    private static byte[] Edwards(GoMap jwk, string name) => Text(jwk, "crv") == "Ed25519"
        ? Bytes(jwk, name)
        : throw new FunctionException($"x509: unsupported key type: {Text(jwk, "crv")}");

    private static DerObjectIdentifier Curve(GoMap jwk) => Text(jwk, "crv") switch
    {
        "P-256" => SecObjectIdentifiers.SecP256r1,
        "P-384" => SecObjectIdentifiers.SecP384r1,
        "P-521" => SecObjectIdentifiers.SecP521r1,
        var other => throw new FunctionException($"failed to unmarshal JSON into key: unknown curve {other}"),
    };

    private static string Text(GoMap jwk, string name) => (jwk.Entries.GetValueOrDefault(GoString.Of(name)) as GoString)?.ToText() ?? "";
}
