using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Security;

namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>The execution's random bytes, for the library that makes keys and signatures.</summary>
internal sealed class ContextRandom(RandomBytes source) : IRandomGenerator
{
    public static SecureRandom Of(RandomBytes source) => new(new ContextRandom(source));

    public void AddSeedMaterial(byte[] seed)
    {
        // The source needs none.
    }

    public void AddSeedMaterial(ReadOnlySpan<byte> seed)
    {
        // The source needs none.
    }

    public void AddSeedMaterial(long seed)
    {
        // The source needs none.
    }

    public void NextBytes(byte[] bytes) => source(bytes);

    public void NextBytes(byte[] bytes, int start, int len) => source(bytes.AsSpan(start, len));

    public void NextBytes(Span<byte> bytes) => source(bytes);
}
