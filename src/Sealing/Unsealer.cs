using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing;

/// <summary>
/// SealedSecret → Secret. All or nothing: one item that does not open fails the object. Scope, name and namespace are those of the
/// SealedSecret's metadata; what the template says about them has no effect.
/// </summary>
public static class Unsealer
{
    /// <summary>Item name under which the legacy form is reported.</summary>
    internal const string LegacyItem = "data";

    internal const string ConflictingData = "cannot use the field 'encryptedData' and the deprecated field 'data' at the same time";
    private const string LegacyRefused = "using deprecated 'data' field, use 'encryptedData' or flip the feature flag";
    private const string TemplateUnsupported = "spec.template.data is not supported here: the object needs a template engine and none is available";

    /// <summary>Opens an object. Dispose the result after use: that zeroes the plaintext.</summary>
    /// <exception cref="OperationCanceledException">The options' token says so.</exception>
    public static UnsealResult Unseal(SealedSecret sealedSecret, KeyRing keys, UnsealOptions options)
    {
        ArgumentNullException.ThrowIfNull(sealedSecret);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(options);
        sealedSecret = WholeObject.Of(sealedSecret);
        var spec = sealedSecret.Spec;
        var legacy = !string.IsNullOrEmpty(spec.Data);
        if (legacy && spec.EncryptedData is { Count: > 0 }) return Fail(UnsealFailureKind.ConflictingData, ConflictingData);
        if (legacy && !options.AcceptLegacyData) return Fail(UnsealFailureKind.LegacyRefused, LegacyRefused);
        if (!legacy && spec.Template?.Data is { Count: > 0 } && options.Templates is null)
            return Fail(UnsealFailureKind.TemplateUnsupported, TemplateUnsupported);

        var opening = new ObjectOpening(sealedSecret, keys, options);
        var items = legacy
            ? new SortedDictionary<string, string>(StringComparer.Ordinal) { [LegacyItem] = spec.Data! }
            : spec.EncryptedData ?? [];
        using var opened = opening.OpenAll(items);
        if (opening.TooCostly is { } tooCostly) return new UnsealResult(tooCostly, opening.PrivateOperations);
        if (opened.Failures.Count > 0) return new UnsealResult(UnsealFailure.OfItems(opened.Failures), opening.PrivateOperations);
        return legacy
            ? FromLegacy(sealedSecret, opened, opening.PrivateOperations)
            : FromItems(sealedSecret, opened, options, opening.PrivateOperations);
    }

    private static UnsealResult FromItems(SealedSecret sealedSecret, OpenedItems opened, UnsealOptions options, int operations)
    {
        var template = sealedSecret.Spec.Template;
        var data = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal);
        var failures = new SortedDictionary<string, ItemFailure>(StringComparer.Ordinal);
        foreach (var (name, source) in template?.Data ?? [])
        {
            if (options.CancellationToken.IsCancellationRequested) break;
            var rendering = options.Templates!(name, source, opened.Plaintexts);
            if (rendering.Succeeded) data[name] = rendering.Output;
            else failures[name] = new ItemFailure(UnsealFailureKind.TemplateFailed, rendering.Error, rendering.Error);
        }
        if (failures.Count > 0 || options.CancellationToken.IsCancellationRequested)
        {
            foreach (var output in data.Values) CryptographicOperations.ZeroMemory(output);
            options.CancellationToken.ThrowIfCancellationRequested();
            return new UnsealResult(UnsealFailure.OfItems(failures), operations);
        }
        // A template of the same name replaces its item, whose bytes stay behind in `opened` and are zeroed there.
        foreach (var name in opened.Plaintexts.Keys.Where(name => !data.ContainsKey(name)).ToList()) data[name] = opened.Take(name);
        var secret = new Secret
        {
            Metadata = OwnedMetadata(sealedSecret, template?.Metadata ?? new ObjectMeta()),
            Type = template?.Type,
            Immutable = template?.Immutable,
            Data = data,
        };
        return new UnsealResult(new OpenedSecret(secret, opened.Keys), operations);
    }

    /// <summary>The legacy plaintext is a whole Secret as JSON. Only the template's owner annotation counts beside it.</summary>
    private static UnsealResult FromLegacy(SealedSecret sealedSecret, OpenedItems opened, int operations)
    {
        Secret? inner;
        try
        {
            inner = JsonSerializer.Deserialize(opened.Plaintexts[LegacyItem], ApiJson.Compact.Secret);
        }
        catch (JsonException)
        {
            inner = null; // The exception's text may quote the plaintext.
        }
        if (inner is null)
        {
            const string Why = "the deprecated 'data' field does not hold a Secret";
            return new UnsealResult(UnsealFailure.OfObject(UnsealFailureKind.Malformed, Why), operations);
        }
        var data = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var (name, value) in inner.Data ?? []) data[name] = value;
        foreach (var (name, text) in inner.StringData ?? []) data[name] = Encoding.UTF8.GetBytes(text);
        var secret = inner with
        {
            Kind = Secret.SecretKind,
            ApiVersion = Secret.SecretApiVersion,
            Metadata = OwnedMetadata(sealedSecret, WholeObject.Of(inner).Metadata),
            Data = data,
            StringData = null,
        };
        return new UnsealResult(new OpenedSecret(secret, opened.Keys), operations);
    }

    private static ObjectMeta OwnedMetadata(SealedSecret sealedSecret, ObjectMeta metadata)
    {
        var own = sealedSecret.Metadata;
        var template = sealedSecret.Spec.Template?.Metadata;
        var unowned = template?.HasTrueAnnotation(SealedSecretAnnotations.SkipSetOwnerReferences) == true;
        return metadata with
        {
            Name = own.Name,
            Namespace = string.IsNullOrEmpty(own.Namespace) ? null : own.Namespace,
            OwnerReferences = unowned ? metadata.OwnerReferences : [Owner(own)],
        };
    }

    private static OwnerReference Owner(ObjectMeta metadata) => new()
    {
        ApiVersion = SealedSecret.GroupVersion,
        Kind = SealedSecret.SealedSecretKind,
        Name = metadata.Name ?? "",
        Uid = metadata.Uid ?? "",
        Controller = true,
    };

    private static UnsealResult Fail(UnsealFailureKind kind, string message) => new(UnsealFailure.OfObject(kind, message), 0);
}
