using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>A certificate with its chain and its private key: the properties are <c>chain</c>, <c>privateKey</c> and <c>chainAndPrivateKey</c>, which is meant where none is named.</summary>
internal sealed class CertificateSecret(IReadOnlyList<byte[]> chain, byte[] privateKey) : RemoteSecret
{
    private const string Chain = "chain";
    private const string PrivateKey = "privateKey";

    public override long Size => chain.Sum(part => (long)part.Length) + privateKey.Length;

    /// <summary>Null where the answer lacks one of them.</summary>
    public static CertificateSecret? Of(DeclaredAnswer answer, (string Chain, string Key) paths)
    {
        using var chain = answer.Find(paths.Chain);
        using var key = answer.Find(paths.Key);
        return chain is { IsList: true } && key is { IsNull: false } ? new([.. JsonParts.ElementsOf(chain.Piece.Raw).Select(part => part.ToText())], key.ToBytes()) : null;
    }

    /// <summary>Each certificate and the key without spaces around it, and a line end behind.</summary>
    public override byte[] Value(string? property)
    {
        ThrowIfDisposed();
        return property switch
        {
            null or "" or "chainAndPrivateKey" => Lines([.. chain, privateKey]),
            Chain => Lines(chain),
            PrivateKey => Lines([privateKey]),
            _ => throw new ProviderException(ProviderFailureKind.Invalid, $"a certificate has no {property}, but {Chain}, {PrivateKey} and chainAndPrivateKey"),
        };
    }

    /// <summary>As they are, whatever the property.</summary>
    public override SecretValues Values(string? property)
    {
        ThrowIfDisposed();
        using var text = new SecretBuffer();
        foreach (var (part, position) in chain.Select((part, position) => (part, position)))
        {
            if (position > 0) text.Append((byte)'\n');
            text.Append(part);
        }

        var values = new SecretValues();
        values.Set(Chain, text.ToArray());
        values.Set(PrivateKey, [.. privateKey]);
        return values;
    }

    public override string ToString() => $"a certificate with {chain.Count} parts";

    protected override void Dispose(bool disposing)
    {
        foreach (var part in chain) Array.Clear(part);
        Array.Clear(privateKey);
    }

    private static byte[] Lines(IReadOnlyList<byte[]> parts)
    {
        using var text = new SecretBuffer();
        foreach (var part in parts)
        {
            text.Append(part.AsSpan().Trim(" \t\r\n"u8));
            text.Append((byte)'\n');
        }

        return text.ToArray();
    }
}
