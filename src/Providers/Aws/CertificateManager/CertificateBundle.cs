using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Aws.CertificateManager;

/// <summary>What a Secret of the type <c>kubernetes.io/tls</c> holds, in the parts that Certificate Manager wants: the certificate, the certificates above it, the key.</summary>
/// <param name="Leaf">PEM.</param>
/// <param name="Chain">PEM, one after the other; empty when there is none.</param>
/// <param name="Key">PEM, as it is in the Secret, which owns it.</param>
internal sealed record CertificateBundle(byte[] Leaf, byte[] Chain, byte[] Key)
{
    public const string CertificateItem = "tls.crt";
    public const string KeyItem = "tls.key";
    private const string Label = "CERTIFICATE";

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: an item is missing, or is not what it should be.</exception>
    public static CertificateBundle Of(SecretValues secret)
    {
        var (certificates, key) = (Item(secret, CertificateItem), Item(secret, KeyItem));
        if (Parse(Encoding.UTF8.GetString(certificates)) is not [var leaf, .. var above]) throw Invalid($"{CertificateItem} holds no certificate in PEM");
        Check(leaf, key);
        return new(Pem([leaf]), Pem(above), key);
    }

    /// <summary>The certificates of a text, in DER; what else is in it is passed over.</summary>
    public static List<byte[]> Parse(ReadOnlySpan<char> text)
    {
        var found = new List<byte[]>();
        while (PemEncoding.TryFind(text, out var fields))
        {
            if (text[fields.Label] is Label) found.Add(Convert.FromBase64String(text[fields.Base64Data].ToString()));
            text = text[fields.Location.End..];
        }
        return found;
    }

    /// <summary>Tells the certificate and its chain from all others, whatever the line ends. It tells nothing of the key, which belongs to the certificate.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var certificate in Certificates()) hash.AppendData(SHA256.HashData(certificate));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Whether these are the certificate and the chain that Certificate Manager says it has. Of a certificate without a chain it says that it is its own.</summary>
    public bool IsSame(string leaf, string? chain)
    {
        var mine = Certificates();
        List<byte[]> theirs = [.. Parse(leaf), .. Parse(chain)];
        return AreEqual(mine, theirs) || (Chain.Length == 0 && AreEqual([mine[0], mine[0]], theirs));
    }

    public bool HasLeaf(string leaf) => Parse(leaf) is [var first, ..] && first.AsSpan().SequenceEqual(Certificates()[0]);

    public override string ToString() => "a certificate with its key";

    private List<byte[]> Certificates() => Parse(Encoding.ASCII.GetString([.. Leaf, .. Chain]));

    private static bool AreEqual(List<byte[]> ones, List<byte[]> others) => ones.Count == others.Count && ones.Zip(others).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    private static byte[] Item(SecretValues secret, string name) => secret.Find(name) is { Length: > 0 } value
        ? value
        : throw Invalid($"the Secret has no {name}, or an empty one: Certificate Manager takes Secrets of the type kubernetes.io/tls, with {CertificateItem} and {KeyItem}");

    /// <summary>AWS would say no more than that something is not valid, and may quote it.</summary>
    private static void Check(byte[] leaf, byte[] key)
    {
        var text = new char[Encoding.UTF8.GetMaxCharCount(key.Length)];
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(leaf);
            using var pair = CertificatePair.FromPem(certificate.ExportCertificatePem(), text.AsSpan(0, Encoding.UTF8.GetChars(key, text)));
        }
        catch (CryptographicException)
        {
            throw Invalid($"{KeyItem} is not the private key of the first certificate in {CertificateItem}, or one of them is not PEM that can be read");
        }
        finally
        {
            Array.Clear(text);
        }
    }

    private static byte[] Pem(IEnumerable<byte[]> certificates) => Encoding.ASCII.GetBytes(string.Concat(certificates.Select(certificate => PemEncoding.WriteString(Label, certificate) + "\n")));

    private static ProviderException Invalid(string message) => new(ProviderFailureKind.Invalid, message);
}
