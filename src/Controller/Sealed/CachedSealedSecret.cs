using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>
/// A SealedSecret as the cache holds it: what is asked of all of them at hand, the object itself as the bytes of its JSON. Ciphertext
/// is base64 that is read once in an object's life; as records of .NET strings ten thousand objects took three times the memory.
/// </summary>
internal sealed class CachedSealedSecret
{
    private const string InstanceLabel = "app.kubernetes.io/instance";

    private readonly byte[] json;

    /// <param name="read">As it came; <c>managedFields</c> and kubectl's copy of the manifest, larger than all the rest, are not kept.</param>
    /// <param name="acceptLegacyData">Decides about the Secret, so it is part of <see cref="Inputs"/>.</param>
    /// <param name="strings">For what many objects share.</param>
    public CachedSealedSecret(SealedSecret read, bool acceptLegacyData, SharedStrings strings)
    {
        var source = SealedSecretKind.Trim(read);
        json = JsonSerializer.SerializeToUtf8Bytes(source, ApiJson.Compact.SealedSecret);
        Key = new NamespacedName(strings.Share(source.Metadata.Namespace ?? ""), source.Metadata.Name ?? "");
        ResourceVersion = source.Metadata.ResourceVersion;
        Inputs = ObservedMark.HashInputs(source, acceptLegacyData);
        Declared = ObservedMark.HashDeclared(source.Metadata);
        Instance = strings.Share(source.Metadata.Labels?.GetValueOrDefault(InstanceLabel) ?? "");
        Synced = SealedStatus.SyncedCondition(source.Status)?.Status is { } status ? strings.Share(status) : null;
        SealingKeys = [.. ObservedNote.Of(source.Status).SealingKeys.Select(strings.Share)];
        IsAccounted = !NeedsKey(source) || (SealingKeys.Count > 0 && IsSynced && source.Status?.ObservedGeneration == source.Metadata.Generation);
    }

    public NamespacedName Key { get; }

    public string? ResourceVersion { get; }

    /// <summary>Hash over what decides about the Secret.</summary>
    public string Inputs { get; }

    /// <summary>Hash over what only users change: equal while nothing but the status was written.</summary>
    public UInt128 Declared { get; }

    /// <summary>The label <c>app.kubernetes.io/instance</c>; empty when there is none.</summary>
    public string Instance { get; }

    /// <summary>Status of the condition <c>Synced</c>; <c>null</c> when there is none.</summary>
    public string? Synced { get; }

    /// <summary>Fingerprints of the keys that opened it last.</summary>
    public IReadOnlyList<string> SealingKeys { get; }

    /// <summary>Whether it is known which keys it needs as it is now. After a failure the status goes on naming those of the last success.</summary>
    public bool IsAccounted { get; }

    public bool IsSynced => Synced == SealedStatus.True;

    public static bool NeedsKey(SealedSecret source) => source.Spec.EncryptedData is { Count: > 0 } || !string.IsNullOrEmpty(source.Spec.Data);

    /// <summary>The object, made anew each time.</summary>
    public SealedSecret Read() => JsonSerializer.Deserialize(json, ApiJson.Compact.SealedSecret)!;
}
