using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Sops.Documents;

namespace GitOpsSecrets.Sops.Values;

/// <summary>
/// SHA-512 over the bytes of all scalars in document order, without separators, keys or types: it covers values and their order, not structure.
/// The file holds it encrypted under the data key, bound to the time of the last change.
/// </summary>
internal sealed class DocumentMac : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
    private readonly bool _onlyEncrypted;

    public DocumentMac(bool onlyEncrypted)
    {
        _onlyEncrypted = onlyEncrypted;
        // A MAC over the encrypted values alone must differ from one over all, or the flag could be switched (vector n08).
        if (onlyEncrypted) _hash.AppendData(SHA256.HashData("sops"u8));
    }

    public void Add(ScalarNode scalar, bool encrypted)
    {
        if (encrypted || !_onlyEncrypted) _hash.AppendData(scalar.Bytes);
    }

    /// <returns>128 upper-case hexadecimal digits.</returns>
    public byte[] Finish() => Encoding.ASCII.GetBytes(Convert.ToHexString(_hash.GetHashAndReset()));

    public void Dispose() => _hash.Dispose();
}
