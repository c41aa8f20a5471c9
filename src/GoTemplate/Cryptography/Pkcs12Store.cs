using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.GoTemplate.Execution;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Security;

namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>What a PKCS#12 file holds, in its order: private keys and certificates.</summary>
internal sealed class Pkcs12Store
{
    /// <summary>Rounds of key derivation that one file may ask for.</summary>
    private const int MaxIterations = 1_000_000;

    private readonly ExecutionBudget budget;
    private readonly char[] password;
    private readonly bool isNullPassword;

    private Pkcs12Store(ExecutionBudget budget, char[] password, bool isNullPassword)
    {
        this.budget = budget;
        this.password = password;
        this.isNullPassword = isNullPassword;
    }

    public List<PrivateKeyText> Keys { get; } = [];

    public List<CertificateText> Certificates { get; } = [];

    /// <exception cref="FunctionException">Unreadable, or the password is wrong.</exception>
    public static Pkcs12Store Read(ExecutionBudget budget, byte[] der, string password)
    {
        try
        {
            var pfx = Pfx.GetInstance(Asn1Object.FromByteArray(der));
            var content = Asn1OctetString.GetInstance(pfx.AuthSafe.Content).GetOctets();

            // An empty password may have been written as none at all.
            var isNull = !IsIntact(budget, pfx.MacData, content, password, isNull: false);
            if (isNull && (password.Length > 0 || !IsIntact(budget, pfx.MacData, content, password, isNull: true)))
            {
                throw new FunctionException("pkcs12: decryption password incorrect");
            }

            var store = new Pkcs12Store(budget, password.ToCharArray(), isNull);
            foreach (var part in AuthenticatedSafe.GetInstance(content).GetContentInfo())
            {
                store.ReadBags(store.Open(part));
            }

            return store;
        }
        catch (Exception e) when (e is ArgumentException or IOException or InvalidCastException or InvalidOperationException or GeneralSecurityException or CryptoException or NullReferenceException)
        {
            throw new FunctionException("pkcs12: error reading P12 data: asn1: structure error");
        }
    }

    private static bool IsIntact(ExecutionBudget budget, MacData? mac, byte[] content, string password, bool isNull)
    {
        if (mac is null)
        {
            return true;
        }

        var digest = DigestUtilities.GetDigest(mac.Mac.DigestAlgorithm.Algorithm);
        var generator = new Pkcs12ParametersGenerator(digest);
        var secret = isNull ? [] : PbeParametersGenerator.Pkcs12PasswordToBytes(password.ToCharArray());
        if (password.Length == 0 && !isNull)
        {
            secret = [0, 0];
        }

        generator.Init(secret, mac.MacSalt.GetOctets(), Bounded(budget, mac.Iterations.IntValueExact));
        var hmac = new HMac(digest);
        hmac.Init(generator.GenerateDerivedMacParameters(digest.GetDigestSize() * 8));
        return CryptographicOperations.FixedTimeEquals(MacUtilities.DoFinal(hmac, content), mac.Mac.Digest.GetOctets());
    }

    private static int Bounded(ExecutionBudget budget, int iterations)
    {
        if (iterations is <= 0 or > MaxIterations)
        {
            throw new InvalidOperationException("too many iterations");
        }

        budget.Step(iterations);
        return iterations;
    }

    private byte[] Open(Org.BouncyCastle.Asn1.Pkcs.ContentInfo part)
    {
        if (part.ContentType.Equals(PkcsObjectIdentifiers.Data))
        {
            return Asn1OctetString.GetInstance(part.Content).GetOctets();
        }

        var encrypted = Org.BouncyCastle.Asn1.Pkcs.EncryptedData.GetInstance(part.Content);
        return Decrypt(encrypted.EncryptionAlgorithm, encrypted.Content.GetOctets());
    }

    private byte[] Decrypt(Org.BouncyCastle.Asn1.X509.AlgorithmIdentifier algorithm, byte[] data)
    {
        Bounded(budget, IterationsOf(algorithm));

        // PBES2 takes the password as UTF-8; the library would cut its characters to a byte each, so it gets the bytes as characters.
        var isModern = algorithm.Algorithm.Equals(PkcsObjectIdentifiers.IdPbeS2);
        var secret = isModern ? Encoding.Latin1.GetChars(Encoding.UTF8.GetBytes(password)) : password;
        var cipher = (IBufferedCipher)PbeUtilities.CreateEngine(algorithm);
        cipher.Init(false, PbeUtilities.GenerateCipherParameters(algorithm, secret, password.Length == 0 && !isNullPassword));
        return cipher.DoFinal(data);
    }

    private static int IterationsOf(Org.BouncyCastle.Asn1.X509.AlgorithmIdentifier algorithm)
    {
        if (!algorithm.Algorithm.Equals(PkcsObjectIdentifiers.IdPbeS2))
        {
            return Pkcs12PbeParams.GetInstance(algorithm.Parameters).Iterations.IntValueExact;
        }

        var derivation = PbeS2Parameters.GetInstance(algorithm.Parameters).KeyDerivationFunc;
        return Pbkdf2Params.GetInstance(derivation.Parameters).IterationCount.IntValueExact;
    }

    private void ReadBags(byte[] content)
    {
        foreach (var element in Asn1Sequence.GetInstance(content))
        {
            var bag = SafeBag.GetInstance(element);
            if (bag.BagID.Equals(PkcsObjectIdentifiers.CertBag))
            {
                var certificate = CertBag.GetInstance(bag.BagValueEncodable);
                Certificates.Add(CertificateText.Parse(Asn1OctetString.GetInstance(certificate.CertValueEncodable).GetOctets()));
            }
            else if (bag.BagID.Equals(PkcsObjectIdentifiers.Pkcs8ShroudedKeyBag))
            {
                var shrouded = EncryptedPrivateKeyInfo.GetInstance(bag.BagValueEncodable);
                AddKey(Decrypt(shrouded.EncryptionAlgorithm, shrouded.EncryptedData.GetOctets()));
            }
            else if (bag.BagID.Equals(PkcsObjectIdentifiers.KeyBag))
            {
                AddKey(bag.BagValueEncodable.ToAsn1Object().GetEncoded());
            }
        }
    }

    private void AddKey(byte[] der) => Keys.Add(PrivateKeyText.TryParse(der) ?? throw new InvalidOperationException("unknown private key"));
}
