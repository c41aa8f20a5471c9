using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>
/// What <c>status.observedHash</c> holds: <c>INPUTS.SECRET</c>, two hashes in base64url. INPUTS is over everything in the
/// SealedSecret that decides about the Secret; SECRET over the UID and resourceVersion that the Secret had when it was
/// last known to be right. Both can be computed from what the watches show (ciphertext and metadata), so a restart needs
/// no key, no plaintext and no request to see that nothing changed. No hash over plaintext: a guess could be checked against it.
/// </summary>
/// <param name="Inputs">128 bits of SHA-256.</param>
/// <param name="Secret">128 bits of SHA-256; <c>~</c> before it when the Secret was only lent to us, to be patched.</param>
internal readonly record struct ObservedMark(string Inputs, string Secret)
{
    /// <summary>To be changed whenever the same input begins to give another Secret, so that all are made anew once.</summary>
    private const byte Revision = 1;

    private const int HashLength = 16;
    private const char Lent = '~';

    /// <summary>The Secret belongs to somebody else who let us patch it: when it is gone, it is not ours to bring back.</summary>
    public bool IsOfLentSecret => Secret.StartsWith(Lent);

    public static ObservedMark? TryParse(string? text)
    {
        var dot = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        return dot < 0 ? null : new ObservedMark(text![..dot], text[(dot + 1)..]);
    }

    public static string HashInputs(SealedSecret source, bool acceptLegacyData)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var scope = (source.Metadata.HasTrueAnnotation(SealedSecretAnnotations.ClusterWide) ? 2 : 0)
            | (source.Metadata.HasTrueAnnotation(SealedSecretAnnotations.NamespaceWide) ? 1 : 0);
        hash.AppendData([Revision, (byte)scope, acceptLegacyData ? (byte)1 : (byte)0]);
        Append(hash, source.Metadata.Namespace);
        Append(hash, source.Metadata.Name);
        Append(hash, source.Metadata.Uid);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(source.Spec, ApiJson.Compact.SealedSecretSpec));
        return Finish(hash);
    }

    /// <summary>Over what only users change of an object's metadata, and the generation, which counts the changes of the rest.</summary>
    public static UInt128 HashDeclared(ObjectMeta metadata)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, metadata.Uid);
        Append(hash, metadata.Generation?.ToString(CultureInfo.InvariantCulture));
        Append(hash, metadata.DeletionTimestamp);
        foreach (var (name, value) in metadata.Annotations ?? [])
        {
            Append(hash, name);
            Append(hash, value);
        }
        return BinaryPrimitives.ReadUInt128LittleEndian(hash.GetHashAndReset());
    }

    /// <param name="patch">Value of the annotation on the Secret, or <c>null</c>.</param>
    /// <param name="managed">Likewise.</param>
    public static string HashSecret(string? uid, string? resourceVersion, string? patch, string? managed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, uid);
        Append(hash, resourceVersion);
        return patch == "true" && managed != "true" ? Lent + Finish(hash) : Finish(hash);
    }

    public override string ToString() => $"{Inputs}.{Secret}";

    private static string Finish(IncrementalHash hash) => Base64Url.EncodeToString(hash.GetHashAndReset().AsSpan(0, HashLength));

    // No name or UID contains a NUL, so no two lists of texts run together to the same bytes.
    private static void Append(IncrementalHash hash, string? text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text ?? ""));
        hash.AppendData([0]);
    }
}
