using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace GitOpsSecrets.Sealing.Rsa;

/// <summary>Finds blocks in PEM text (RFC 7468), passing over text and blocks of other kinds.</summary>
internal static class PemBlocks
{
    /// <summary>The decoded first block whose label is wanted. The caller zeroes it when it holds a key.</summary>
    public static bool TryFindFirst(ReadOnlySpan<char> pem, Predicate<string> wanted, [NotNullWhen(true)] out byte[]? der, out string label)
    {
        while (PemEncoding.TryFind(pem, out var fields))
        {
            label = pem[fields.Label].ToString();
            if (wanted(label))
            {
                der = new byte[fields.DecodedDataLength];
                if (Convert.TryFromBase64Chars(pem[fields.Base64Data], der, out var written) && written == der.Length) return true;
                CryptographicOperations.ZeroMemory(der);
            }
            pem = pem[fields.Location.End..];
        }
        der = null;
        label = "";
        return false;
    }
}
