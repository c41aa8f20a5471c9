using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Tests.Keeper;

/// <summary>The server's half of Keeper's ciphers, written apart from ours.</summary>
internal static class KeeperBox
{
    public static byte[] Seal(byte[] plain, byte[] key)
    {
        var (nonce, text, tag) = (RandomNumberGenerator.GetBytes(12), new byte[plain.Length], new byte[16]);
        using var aes = new AesGcm(key, 16);
        aes.Encrypt(nonce, plain, text, tag);
        return [.. nonce, .. text, .. tag];
    }

    public static byte[] Open(byte[] box, byte[] key)
    {
        var plain = new byte[box.Length - 28];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(box.AsSpan(0, 12), box.AsSpan(12, plain.Length), box.AsSpan(box.Length - 16), plain);
        return plain;
    }

    public static byte[] OpenWith(ECDiffieHellman key, byte[] box)
    {
        using var sender = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = box[1..33], Y = box[33..65] } });
        return Open(box[65..], SHA256.HashData(key.DeriveRawSecretAgreement(sender.PublicKey)));
    }

    public static byte[] PointOf(ECDiffieHellman key)
    {
        var point = key.ExportParameters(false).Q;
        return [4, .. point.X!, .. point.Y!];
    }
}
