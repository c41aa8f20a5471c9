using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Values;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;

namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>A private key of any form Go reads (PKCS#8, PKCS#1, SEC1), to be written in any it writes.</summary>
internal sealed class PrivateKeyText
{
    private readonly PrivateKeyInfo info;

    private PrivateKeyText(PrivateKeyInfo info, AsymmetricKeyParameter key)
    {
        this.info = info;
        Key = key;
    }

    public AsymmetricKeyParameter Key { get; }

    public bool IsRsa => Key is RsaPrivateCrtKeyParameters;

    /// <summary>PKCS#8, as Go's x509.MarshalPKCS8PrivateKey lays it out.</summary>
    public byte[] Pkcs8
    {
        get
        {
            if (Key is not ECPrivateKeyParameters elliptic)
            {
                return info.GetEncoded(Asn1Encodable.Der);
            }

            // Go leaves the curve out of the inner SEC1 structure and always puts the public point in.
            var algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.IdECPublicKey, elliptic.PublicKeyParamSet);
            return new PrivateKeyInfo(algorithm, Sec1Structure(elliptic, withCurve: false)).GetEncoded(Asn1Encodable.Der);
        }
    }

    public static PrivateKeyText Of(AsymmetricKeyParameter key) => new(Strip(PrivateKeyInfoFactory.CreatePrivateKeyInfo(key)), key);

    /// <summary>Null if the bytes are none of the three forms.</summary>
    public static PrivateKeyText? TryParse(byte[] der)
    {
        foreach (var read in (Func<byte[], PrivateKeyInfo>[])[PrivateKeyInfo.GetInstance, ReadPkcs1, ReadSec1])
        {
            try
            {
                var info = read(der);
                return new(Strip(info), PrivateKeyFactory.CreateKey(info));
            }
            catch (Exception e) when (e is ArgumentException or IOException or InvalidCastException or InvalidOperationException or SecurityUtilityException or FormatException or GeneralSecurityException)
            {
                // Not this form; the next may fit.
            }
        }

        return null;
    }

    /// <exception cref="FunctionException">As sprig words it.</exception>
    public static PrivateKeyText ParsePem(ExecutionBudget budget, GoString pem)
    {
        var rest = pem;
        var block = PemBlock.Decode(budget, ref rest) ?? throw new FunctionException("no PEM data in input");
        if (block.Type is not ("PRIVATE KEY" or "RSA PRIVATE KEY" or "EC PRIVATE KEY" or "DSA PRIVATE KEY"))
        {
            throw new FunctionException($"no private key data in PEM block of type {block.Type}");
        }

        return TryParse(block.Bytes) ?? throw new FunctionException("asn1: structure error: tags don't match");
    }

    /// <summary>The form sprig writes: PKCS#1 for RSA, SEC1 for elliptic curves, PKCS#8 for the rest.</summary>
    public GoString ToPem() => Key switch
    {
        RsaPrivateCrtKeyParameters => PemBlock.Encode("RSA PRIVATE KEY", info.ParsePrivateKey().GetEncoded(Asn1Encodable.Der)),
        ECPrivateKeyParameters elliptic => PemBlock.Encode("EC PRIVATE KEY", Sec1Structure(elliptic, withCurve: true).GetEncoded(Asn1Encodable.Der)),
        _ => PemBlock.Encode("PRIVATE KEY", Pkcs8),
    };

    /// <summary>No attributes and no public key behind the private one: Go writes neither.</summary>
    private static PrivateKeyInfo Strip(PrivateKeyInfo info) => new(info.PrivateKeyAlgorithm, info.ParsePrivateKey());

    private static PrivateKeyInfo ReadPkcs1(byte[] der) =>
        new(new AlgorithmIdentifier(PkcsObjectIdentifiers.RsaEncryption, DerNull.Instance), RsaPrivateKeyStructure.GetInstance(der).ToAsn1Object());

    private static PrivateKeyInfo ReadSec1(byte[] der)
    {
        var structure = ECPrivateKeyStructure.GetInstance(der);
        return new(new AlgorithmIdentifier(X9ObjectIdentifiers.IdECPublicKey, structure.Parameters), structure.ToAsn1Object());
    }

    private static ECPrivateKeyStructure Sec1Structure(ECPrivateKeyParameters key, bool withCurve)
    {
        var order = key.Parameters.N.BitLength;
        var point = new DerBitString(key.Parameters.G.Multiply(key.D).Normalize().GetEncoded(compressed: false));
        return withCurve ? new(order, key.D, point, key.PublicKeyParamSet) : new(order, key.D, point, null);
    }
}
