using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.GoTemplate.Functions;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>
/// Writes PKCS#12 the modern way: PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC, MAC with SHA-256, 2048 rounds each.
/// <code>
/// Pfx ─ AuthenticatedSafe ─ EncryptedData ─ certificates
///     │                   └ Data ─ shrouded key
///     └ MacData over the AuthenticatedSafe
/// </code>
/// </summary>
internal sealed class Pkcs12Writer(Call call, string password)
{
    private const int Iterations = 2048;
    private const int SaltBytes = 16;
    private const int KeyBytes = 32;

    /// <summary>The attribute by which Java tells a trusted certificate from any other.</summary>
    private static readonly DerObjectIdentifier JavaTrustedKeyUsage = new("2.16.840.1.113894.746875.1.1");

    public byte[] WriteKeyStore(PrivateKeyText key, IReadOnlyList<CertificateText> certificates)
    {
        // Ties the key to its certificate, the first.
        var keyId = new AttributePkcs(PkcsObjectIdentifiers.Pkcs9AtLocalKeyID, new DerSet(new DerOctetString(SHA256.HashData(certificates[0].Der)[..20])));
        var certificateBags = certificates.Select((certificate, i) => CertificateBag(certificate, i == 0 ? new DerSet(keyId) : null));
        var (algorithm, encrypted) = Encrypt(key.Pkcs8);
        var keyBag = new SafeBag(PkcsObjectIdentifiers.Pkcs8ShroudedKeyBag, new EncryptedPrivateKeyInfo(algorithm, encrypted).ToAsn1Object(), new DerSet(keyId));
        return Seal(EncryptedContent(certificateBags), new ContentInfo(PkcsObjectIdentifiers.Data, Octets(new DerSequence(keyBag))));
    }

    public byte[] WriteTrustStore(IReadOnlyList<CertificateText> certificates) => Seal(EncryptedContent(certificates.Select(certificate =>
    {
        var name = new AttributePkcs(PkcsObjectIdentifiers.Pkcs9AtFriendlyName, new DerSet(new DerBmpString(certificate.Subject.ToString())));
        var trust = new AttributePkcs(JavaTrustedKeyUsage, new DerSet(KeyPurposeID.AnyExtendedKeyUsage));
        return CertificateBag(certificate, new DerSet(name, trust));
    })));

    private static SafeBag CertificateBag(CertificateText certificate, Asn1Set? attributes) =>
        new(PkcsObjectIdentifiers.CertBag, new CertBag(PkcsObjectIdentifiers.X509Certificate, new DerOctetString(certificate.Der)).ToAsn1Object(), attributes);

    private ContentInfo EncryptedContent(IEnumerable<SafeBag> bags)
    {
        var (algorithm, encrypted) = Encrypt(new DerSequence(bags.ToArray<Asn1Encodable>()).GetEncoded(Asn1Encodable.Der));
        return new(PkcsObjectIdentifiers.EncryptedData, new EncryptedData(PkcsObjectIdentifiers.Data, algorithm, new DerOctetString(encrypted)).ToAsn1Object());
    }

    private (AlgorithmIdentifier Algorithm, byte[] Encrypted) Encrypt(byte[] plain)
    {
        var (salt, vector) = (Random(SaltBytes), Random(16));
        using var aes = Aes.Create();
        aes.Key = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, KeyBytes);
        var derivation = new KeyDerivationFunc(
            PkcsObjectIdentifiers.IdPbkdf2, new Pbkdf2Params(salt, Iterations, KeyBytes, new AlgorithmIdentifier(PkcsObjectIdentifiers.IdHmacWithSha256, DerNull.Instance)));
        var scheme = new EncryptionScheme(NistObjectIdentifiers.IdAes256Cbc, new DerOctetString(vector));
        return (new AlgorithmIdentifier(PkcsObjectIdentifiers.IdPbeS2, new PbeS2Parameters(derivation, scheme)), aes.EncryptCbc(plain, vector));
    }

    private byte[] Seal(params ContentInfo[] parts)
    {
        var content = new AuthenticatedSafe(parts).GetEncoded(Asn1Encodable.Der);
        var salt = Random(SaltBytes);
        var generator = new Pkcs12ParametersGenerator(new Sha256Digest());
        generator.Init(password.Length == 0 ? [0, 0] : PbeParametersGenerator.Pkcs12PasswordToBytes(password.ToCharArray()), salt, Iterations);
        var key = (KeyParameter)generator.GenerateDerivedMacParameters(256);
        var digest = new DigestInfo(new AlgorithmIdentifier(NistObjectIdentifiers.IdSha256, DerNull.Instance), HMACSHA256.HashData(key.GetKey(), content));
        var safe = new ContentInfo(PkcsObjectIdentifiers.Data, new DerOctetString(content));
        return new Pfx(safe, new MacData(digest, salt, Iterations)).GetEncoded(Asn1Encodable.Der);
    }

    private static DerOctetString Octets(DerSequence bags) => new(bags.GetEncoded(Asn1Encodable.Der));

    private byte[] Random(int count)
    {
        var bytes = new byte[count];
        call.Context.Random(bytes);
        return bytes;
    }
}
