using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace GitOpsSecrets.Sops.Values;

/// <summary>
/// AES-256-GCM with the 32-byte IV that SOPS chose. An IV that is not 96 bits is hashed into the first counter block, which .NET's AesGcm does
/// not offer, hence BouncyCastle. Two random IVs collide with the chance of 128-bit counter blocks, which is no concern for one file.
/// </summary>
internal sealed class ValueCipher(DataKey key)
{
    private readonly GcmBlockCipher _cipher = new(new AesEngine());
    private readonly KeyParameter _key = new(key.Bytes.ToArray());

    /// <param name="value">Ciphertext, IV and tag.</param>
    /// <param name="path">The additional data: key names joined and ended by colons, or for the MAC its time.</param>
    /// <returns>Null when the value is not authentic under this key and path.</returns>
    public byte[]? Open(SealedValue value, string path)
    {
        _cipher.Init(false, new AeadParameters(_key, SealedValue.TagSize * 8, value.Iv, Encoding.UTF8.GetBytes(path)));
        byte[] input = [.. value.Data, .. value.Tag];
        var plain = new byte[value.Data.Length];
        try
        {
            _cipher.DoFinal(plain, _cipher.ProcessBytes(input, 0, input.Length, plain, 0));
            return plain;
        }
        catch (InvalidCipherTextException)
        {
            CryptographicOperations.ZeroMemory(plain);
            return null;
        }
    }

    /// <param name="plain">At least one byte.</param>
    /// <param name="path">As in <see cref="Open"/>.</param>
    /// <param name="type">Type tag.</param>
    /// <param name="iv">32 bytes; the same one twice only for the same plaintext at the same path, which gives the same ciphertext.</param>
    public SealedValue Seal(byte[] plain, string path, string type, byte[] iv)
    {
        _cipher.Init(true, new AeadParameters(_key, SealedValue.TagSize * 8, iv, Encoding.UTF8.GetBytes(path)));
        var output = new byte[plain.Length + SealedValue.TagSize];
        _cipher.DoFinal(output, _cipher.ProcessBytes(plain, 0, plain.Length, output, 0));
        return new SealedValue(output[..plain.Length], iv, output[plain.Length..], type);
    }
}
