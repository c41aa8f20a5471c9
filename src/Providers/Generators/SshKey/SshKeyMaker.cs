using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Api.Generators;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace GitOpsSecrets.Providers.Generators.SshKey;

/// <summary>
/// New key pairs. RSA and ECDSA keys come from the platform, which makes them many times faster than managed code and takes its own chance; an
/// Ed25519 key is 32 bytes of the chance that is given.
/// </summary>
internal static class SshKeyMaker
{
    /// <param name="spec">Without findings.</param>
    public static SshKeyPair Make(SshKeySpec spec, RandomNumberGenerator random) => spec.EffectiveKeyType switch
    {
        SshKeySpec.Ed25519 => MakeEd25519(random),
        SshKeySpec.Ecdsa => MakeEcdsa(spec.KeySize),
        _ => MakeRsa(spec.KeySize ?? SshKeyGenerator.DefaultRsaBits),
    };

    /// <summary>Whether the key is as large as the spec says, if it does.</summary>
    public static bool Heeds(SshKeySpec spec) => spec.KeySize is null || spec.EffectiveKeyType switch
    {
        SshKeySpec.Ed25519 => false,
        SshKeySpec.Ecdsa => spec.KeySize is 256 or 384 or 521,
        _ => true,
    };

    private static SshKeyPair MakeRsa(int bits)
    {
        using var rsa = RSA.Create(bits);
        var numbers = rsa.ExportParameters(includePrivateParameters: true);
        try
        {
            var pair = new SshKeyPair("ssh-rsa");
            pair.PublicKey.AppendText("ssh-rsa"u8);
            pair.PublicKey.AppendInteger(numbers.Exponent);
            pair.PublicKey.AppendInteger(numbers.Modulus);

            // The public numbers stand the other way round here.
            pair.PrivateKey.AppendText("ssh-rsa"u8);
            pair.PrivateKey.AppendInteger(numbers.Modulus);
            pair.PrivateKey.AppendInteger(numbers.Exponent);
            pair.PrivateKey.AppendInteger(numbers.D);
            pair.PrivateKey.AppendInteger(numbers.InverseQ);
            pair.PrivateKey.AppendInteger(numbers.P);
            pair.PrivateKey.AppendInteger(numbers.Q);
            return pair;
        }
        finally
        {
            foreach (var secret in new[] { numbers.D, numbers.P, numbers.Q, numbers.DP, numbers.DQ, numbers.InverseQ }) CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static SshKeyPair MakeEcdsa(int? bits)
    {
        var (curve, name) = bits switch
        {
            384 => (ECCurve.NamedCurves.nistP384, "nistp384"),
            521 => (ECCurve.NamedCurves.nistP521, "nistp521"),

            // As in the original, which takes any other size for 256: a keySize left over from an RSA key must not stop a sync.
            _ => (ECCurve.NamedCurves.nistP256, "nistp256"),
        };
        using var key = ECDsa.Create(curve);
        var numbers = key.ExportParameters(includePrivateParameters: true);
        try
        {
            var pair = new SshKeyPair($"ecdsa-sha2-{name}");
            byte[] point = [4, .. numbers.Q.X!, .. numbers.Q.Y!];
            foreach (var part in new[] { pair.PublicKey, pair.PrivateKey })
            {
                part.AppendText(Encoding.ASCII.GetBytes(pair.Algorithm));
                part.AppendText(Encoding.ASCII.GetBytes(name));
                part.AppendText(point);
            }

            pair.PrivateKey.AppendInteger(numbers.D);
            return pair;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(numbers.D);
        }
    }

    private static SshKeyPair MakeEd25519(RandomNumberGenerator random)
    {
        // The seed, then the public key.
        var key = new byte[Ed25519.SecretKeySize + Ed25519.PublicKeySize];
        try
        {
            random.GetBytes(key, 0, Ed25519.SecretKeySize);
            Ed25519.GeneratePublicKey(key, 0, key, Ed25519.SecretKeySize);
            var publicKey = key.AsSpan(Ed25519.SecretKeySize);
            var pair = new SshKeyPair("ssh-ed25519");
            foreach (var part in new[] { pair.PublicKey, pair.PrivateKey })
            {
                part.AppendText("ssh-ed25519"u8);
                part.AppendText(publicKey);
            }

            pair.PrivateKey.AppendText(key);
            return pair;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
