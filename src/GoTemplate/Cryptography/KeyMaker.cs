using System.Security.Cryptography;
using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Values;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>New private keys. RSA keys come from the platform, which is many times faster and takes the platform's own randomness.</summary>
internal static class KeyMaker
{
    /// <summary>Steps one key counts as: making keys is the most expensive thing a template can ask for.</summary>
    private const int KeySteps = 1_000_000;

    public static GoFunction GenPrivateKey { get; } = new("genPrivateKey", "string", Generate);

    public static PrivateKeyText NewRsa(Call call, int bits)
    {
        call.Budget.Step(KeySteps);
        using var rsa = RSA.Create(bits);
        return PrivateKeyText.TryParse(rsa.ExportRSAPrivateKey())!;
    }

    private static GoString Generate(Call call)
    {
        var kind = call.Text(0).ToText();
        call.Budget.Step(KeySteps);
        return kind switch
        {
            "" or "rsa" => NewRsa(call, 4096).ToPem(),
            "dsa" => NewDsa(call),
            "ecdsa" => NewKey(new ECKeyPairGenerator(), new ECKeyGenerationParameters(SecObjectIdentifiers.SecP256r1, ContextRandom.Of(call.Context.Random))).ToPem(),
            "ed25519" => NewKey(new Ed25519KeyPairGenerator(), new Ed25519KeyGenerationParameters(ContextRandom.Of(call.Context.Random))).ToPem(),
            _ => GoString.Of($"Unknown type {kind}"),
        };
    }

    private static PrivateKeyText NewKey(IAsymmetricCipherKeyPairGenerator generator, KeyGenerationParameters parameters)
    {
        generator.Init(parameters);
        return PrivateKeyText.Of(generator.GenerateKeyPair().Private);
    }

    private static GoString NewDsa(Call call)
    {
        var random = ContextRandom.Of(call.Context.Random);
        var domain = new DsaParametersGenerator(new Sha256Digest());
        domain.Init(new DsaParameterGenerationParameters(2048, 256, 80, random));
        var generator = new DsaKeyPairGenerator();
        generator.Init(new DsaKeyGenerationParameters(random, domain.GenerateParameters()));
        var pair = generator.GenerateKeyPair();
        var secret = (DsaPrivateKeyParameters)pair.Private;
        var shared = secret.Parameters;
        var numbers = new[] { Org.BouncyCastle.Math.BigInteger.Zero, shared.P, shared.Q, shared.G, ((DsaPublicKeyParameters)pair.Public).Y, secret.X };
        return PemBlock.Encode("DSA PRIVATE KEY", new DerSequence(Array.ConvertAll(numbers, Asn1Encodable (number) => new DerInteger(number))).GetEncoded());
    }
}
