using Org.BouncyCastle.Crypto.Digests;

namespace GitOpsSecrets.Sealing.Rsa;

/// <summary>SHA-256 in managed code, for the few short hashes of sealing: see <see cref="FreshBytes"/> why OpenSSL is not loaded for them.</summary>
internal static class Sha256
{
    public const int Size = 32;

    public static void Hash(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var digest = new Sha256Digest();
        digest.BlockUpdate(source);
        digest.DoFinal(destination);
    }
}
