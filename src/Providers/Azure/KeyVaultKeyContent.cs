using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>A private key as JSON (JWK, RFC 7518 §6): RSA or EC from PEM, and anything else as the bytes of a symmetric one, which managed HSMs take.</summary>
internal sealed class KeyVaultKeyContent : IKeyVaultContent
{
    private readonly string type;
    private readonly (string Name, byte[] Value)[] members;
    private readonly string? curve;

    private KeyVaultKeyContent(string type, string? curve, params (string Name, byte[] Value)[] members) => (this.type, this.curve, this.members) = (type, curve, members);

    /// <param name="value">Taken over.</param>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: PEM of something else.</exception>
    public static KeyVaultKeyContent Of(byte[] value)
    {
        if (value.AsSpan().IndexOf("-----BEGIN"u8) < 0) return new("oct", null, ("k", value));
        var text = new char[Encoding.UTF8.GetCharCount(value)];
        try
        {
            Encoding.UTF8.GetChars(value, text);
            return OfRsa(text) ?? OfEc(text) ?? throw new ProviderException(ProviderFailureKind.Invalid, "the value is PEM, but of no RSA or EC private key without a passphrase");
        }
        finally
        {
            Array.Clear(text);
            CryptographicOperations.ZeroMemory(value);
        }
    }

    public string Operation => "ImportKey";

    // The vault shows the public half only; a symmetric key it never shows.
    public bool IsIn(KeyVaultItem existing, KeyVaultWishes wishes)
    {
        using var key = JsonDocument.Parse(existing.Value);
        var shown = members.Where(member => member.Name is "n" or "e" or "x" or "y").ToList();
        return shown.Count > 0 && shown.All(member => JsonMembers.Member(key.RootElement, member.Name) is { ValueKind: JsonValueKind.String } there && there.ValueEquals(Base64Url.EncodeToUtf8(member.Value)))
            && existing.Facts.Expires == wishes.Expires;
    }

    public async Task<object> WriteAsync(KeyVaultLibraries libraries, string name, KeyVaultWishes wishes, KeyVaultFacts? existing, CancellationToken cancellationToken) => await libraries.Keys.ImportAsync("keys/" + name, writer =>
    {
        writer.WriteString("kty", type);
        if (curve is not null) writer.WriteString("crv", curve);
        foreach (var (member, value) in members) KeyVaultText.WriteBase64Url(writer, member, value);
    }, wishes, cancellationToken).ConfigureAwait(false);

    public void Dispose()
    {
        foreach (var (_, value) in members) CryptographicOperations.ZeroMemory(value);
    }

    private static KeyVaultKeyContent? OfRsa(ReadOnlySpan<char> pem)
    {
        using var rsa = RSA.Create();
        if (!Imports(rsa, pem)) return null;
        var key = rsa.ExportParameters(includePrivateParameters: true);
        return new("RSA", null, ("n", key.Modulus!), ("e", key.Exponent!), ("d", key.D!), ("dp", key.DP!), ("dq", key.DQ!), ("qi", key.InverseQ!), ("p", key.P!), ("q", key.Q!));
    }

    private static KeyVaultKeyContent? OfEc(ReadOnlySpan<char> pem)
    {
        using var ec = ECDsa.Create();
        if (!Imports(ec, pem)) return null;
        var key = ec.ExportParameters(includePrivateParameters: true);
        var curve = key.Curve.Oid.Value switch
        {
            "1.2.840.10045.3.1.7" => "P-256",
            "1.3.132.0.34" => "P-384",
            "1.3.132.0.35" => "P-521",
            "1.3.132.0.10" => "P-256K",
            _ => throw new ProviderException(ProviderFailureKind.Invalid, "the value is a private key on a curve that Key Vault does not know: P-256, P-384, P-521 or P-256K"),
        };
        return new("EC", curve, ("x", key.Q.X!), ("y", key.Q.Y!), ("d", key.D!));
    }

    // A public key, or one of another kind, is none.
    private static bool Imports(AsymmetricAlgorithm algorithm, ReadOnlySpan<char> pem)
    {
        try
        {
            algorithm.ImportFromPem(pem);
            return PemEncoding.Find(pem) is var fields && pem[fields.Label].EndsWith("PRIVATE KEY", StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            return false;
        }
    }
}
