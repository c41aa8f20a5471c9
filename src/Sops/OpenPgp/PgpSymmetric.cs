using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace GitOpsSecrets.Sops.OpenPgp;

/// <summary>The ciphers of RFC 4880 §9.2 by number, with their key sizes.</summary>
internal static class PgpSymmetric
{
    public const int Aes256 = 9;

    /// <returns>Bytes; 0 for a cipher that is not known.</returns>
    public static int KeySize(int algorithm) => algorithm switch
    {
        2 or 8 or 12 => 24,
        3 or 4 or 7 or 11 => 16,
        Aes256 or 10 or 13 => 32,
        _ => 0,
    };

    /// <param name="algorithm">One with a <see cref="KeySize"/>.</param>
    /// <param name="key">Of that size.</param>
    public static IBlockCipher CreateEncryptor(int algorithm, byte[] key)
    {
        IBlockCipher engine = algorithm switch
        {
            2 => new DesEdeEngine(),
            3 => new Cast5Engine(),
            4 => new BlowfishEngine(),
            7 or 8 or Aes256 => new AesEngine(),
            10 => new TwofishEngine(),
            11 or 12 or 13 => new CamelliaEngine(),
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        };
        engine.Init(true, new KeyParameter(key));
        return engine;
    }
}
