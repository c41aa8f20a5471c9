using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Generators;

namespace GitOpsSecrets.Sops.Age;

/// <summary>A passphrase to write to. It must be the only recipient of its file.</summary>
public sealed class ScryptRecipient : IAgeRecipient, IDisposable
{
    internal const string StanzaType = "scrypt";
    internal const int SaltSize = 16;

    private readonly byte[] _passphrase;
    private readonly int _logN;

    /// <param name="passphrase">UTF-8 bytes, copied.</param>
    /// <param name="logN">Work factor: 2^logN rounds and 2^(logN+10) bytes of memory.</param>
    public ScryptRecipient(ReadOnlySpan<byte> passphrase, int logN = 18)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(logN, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(logN, 22);
        _passphrase = passphrase.ToArray();
        _logN = logN;
    }

    /// <summary>Grover's search halves the bits of a passphrase at best; age counts it as classic all the same, and so do we.</summary>
    public bool IsPostQuantum => false;

    public AgeStanza Wrap(AgeFileKey fileKey)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var wrapKey = DeriveWrapKey(_passphrase, salt, _logN);
        try
        {
            return new AgeStanza(StanzaType, [AgeBase64.EncodeUnpadded(salt), _logN.ToString(CultureInfo.InvariantCulture)], AgeWrap.Wrap(fileKey, wrapKey));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(wrapKey);
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_passphrase);

    public override string ToString() => nameof(ScryptRecipient);

    internal static byte[] DeriveWrapKey(byte[] passphrase, byte[] salt, int logN)
    {
        byte[] labelled = [.. Encoding.ASCII.GetBytes("age-encryption.org/v1/scrypt"), .. salt];
        return SCrypt.Generate(passphrase, labelled, 1 << logN, 8, 1, 32);
    }
}
