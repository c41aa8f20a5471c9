using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing;

/// <summary>Secret → SealedSecret. Scope, name and namespace are those of the Secret's metadata; a caller that wants others changes them first.</summary>
public static class Sealer
{
    /// <summary>Seals every item: <c>data</c>, then <c>stringData</c>, which wins on equal names.</summary>
    /// <param name="secret">The Secret; its values are not changed or zeroed.</param>
    /// <param name="certificate">The certificate to seal to. Whether it has expired is the caller's question (<see cref="SealingCertificate.CheckExpiry"/>).</param>
    /// <param name="hint">Write the key's fingerprint into the SealedSecret's annotations, so that opening tries that key first.</param>
    public static SealResult Seal(Secret secret, SealingCertificate certificate, bool hint)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(certificate);
        secret = WholeObject.Of(secret);
        var metadata = secret.Metadata;
        var scope = SealingScopes.Of(metadata);
        if (string.IsNullOrEmpty(metadata.Name)) return Fail(SealingFailureKind.MissingName, "missing metadata.name in input Secret");
        if (scope != SealingScope.ClusterWide && string.IsNullOrEmpty(metadata.Namespace))
            return Fail(SealingFailureKind.MissingNamespace, "secret must declare a namespace");

        var label = SealingScopes.Label(scope, metadata.Namespace, metadata.Name);
        var items = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var total = 0L;
        foreach (var (name, value) in secret.Data ?? [])
        {
            if (secret.StringData?.ContainsKey(name) == true) continue;
            if (CheckSize(name, value?.Length ?? 0, ref total) is { } tooLarge) return new SealResult(tooLarge);
            items[name] = Encode(certificate.Seal(value, label));
        }
        foreach (var (name, text) in secret.StringData ?? [])
        {
            if (CheckSize(name, Encoding.UTF8.GetByteCount(text), ref total) is { } tooLarge) return new SealResult(tooLarge);
            items[name] = SealText(text, label, certificate);
        }
        return new SealResult(Compose(secret, scope, items, hint ? certificate.Fingerprint : null));
    }

    /// <summary>Seals one value for a scope, as <c>--raw</c> does. The answer is base64 without line breaks.</summary>
    /// <param name="ns">Needed for strict and namespace-wide.</param>
    /// <param name="name">Needed for strict.</param>
    public static bool TrySealItem(
        ReadOnlySpan<byte> plaintext, SealingScope scope, string? ns, string? name, SealingCertificate certificate,
        [NotNullWhen(true)] out string? item, [NotNullWhen(false)] out SealingFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var total = 0L;
        failure = CheckSize(null, plaintext.Length, ref total);
        item = failure is null ? Encode(certificate.Seal(plaintext, SealingScopes.Label(scope, ns, name))) : null;
        return failure is null;
    }

    /// <summary>As <see cref="TrySealItem"/>, for values whose size is known to be right.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="SealedItem.MaxSealedPlaintext"/> bytes.</exception>
    public static string SealItem(ReadOnlySpan<byte> plaintext, SealingScope scope, string? ns, string? name, SealingCertificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Encode(certificate.Seal(plaintext, SealingScopes.Label(scope, ns, name)));
    }

    private static string SealText(string text, byte[] label, SealingCertificate certificate)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            return Encode(certificate.Seal(bytes, label));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static SealedSecret Compose(Secret secret, SealingScope scope, SortedDictionary<string, string> items, string? fingerprint)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (SealingScopes.Annotation(scope) is { } annotation) annotations[annotation] = "true";
        if (fingerprint is not null) annotations[SealedSecretAnnotations.SealingKeyHint] = fingerprint;
        return new SealedSecret
        {
            Metadata = new ObjectMeta
            {
                Name = secret.Metadata.Name,
                Namespace = string.IsNullOrEmpty(secret.Metadata.Namespace) ? null : secret.Metadata.Namespace,
                Annotations = annotations.Count == 0 ? null : annotations,
            },
            Spec = new SealedSecretSpec
            {
                Template = new SecretTemplateSpec
                {
                    Metadata = TemplateMetadata(secret.Metadata),
                    Type = string.IsNullOrEmpty(secret.Type) ? null : secret.Type,
                    Immutable = secret.Immutable,
                },
                EncryptedData = items,
            },
        };
    }

    /// <summary>The Secret's metadata without what the server sets, without owners of another cluster, without copies of the plaintext.</summary>
    private static ObjectMeta TemplateMetadata(ObjectMeta metadata)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in metadata.Annotations ?? [])
        {
            // kubectl apply keeps the whole object here, data included.
            if (key is not (SealedSecretAnnotations.LastApplied or SealedSecretAnnotations.KubecfgLastApplied)) annotations[key] = value;
        }
        return metadata with
        {
            SelfLink = null,
            Uid = null,
            ResourceVersion = null,
            Generation = null,
            CreationTimestamp = null,
            DeletionTimestamp = null,
            DeletionGracePeriodSeconds = null,
            OwnerReferences = null,
            Namespace = string.IsNullOrEmpty(metadata.Namespace) ? null : metadata.Namespace,
            Annotations = annotations.Count == 0 ? null : annotations,
            Labels = metadata.Labels is { Count: > 0 } ? metadata.Labels : null,
            Finalizers = metadata.Finalizers is { Count: > 0 } ? metadata.Finalizers : null,
        };
    }

    private static SealingFailure? CheckSize(string? item, int size, ref long total)
    {
        total += size;
        if (total <= SealedItem.MaxSealedPlaintext) return null;
        var what = item is null ? "the value is" : $"with item \"{item}\" the data of the Secret is";
        return new SealingFailure(
            SealingFailureKind.TooLarge, $"{what} {total} bytes; Kubernetes accepts at most {SealedItem.MaxSealedPlaintext} in a Secret");
    }

    private static string Encode(byte[] item) => Convert.ToBase64String(item);

    private static SealResult Fail(SealingFailureKind kind, string message) => new(new SealingFailure(kind, message));
}
