using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing;

/// <summary>
/// Moves an object to another certificate, item by item. The label comes from the SealedSecret's metadata and is the same before and
/// after, so the scope cannot widen (CVE-2026-22728 came from taking it elsewhere); template, labels and annotations are not touched,
/// and data templates stay templates, all of which the original loses.
/// </summary>
public static class Resealer
{
    /// <summary>Re-seals what is not yet sealed to <paramref name="certificate"/>. Items that do not open stay as they are and are reported.</summary>
    /// <param name="hint">Rewrite the key hint in the annotations, when nothing failed; <c>false</c> leaves one that is there only if it is still true.</param>
    /// <param name="options">Hints and parallelism; templates are not rendered.</param>
    /// <exception cref="OperationCanceledException">The options' token says so.</exception>
    public static ResealResult Reseal(SealedSecret sealedSecret, KeyRing keys, SealingCertificate certificate, bool hint, UnsealOptions options)
    {
        ArgumentNullException.ThrowIfNull(sealedSecret);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(options);
        sealedSecret = WholeObject.Of(sealedSecret);
        var spec = sealedSecret.Spec;
        var sealedItems = new SortedDictionary<string, string>(spec.EncryptedData ?? [], StringComparer.Ordinal);
        var legacy = !string.IsNullOrEmpty(spec.Data);
        if (legacy && sealedItems.Count > 0) return Conflict(sealedSecret);
        if (legacy) sealedItems[Unsealer.LegacyItem] = spec.Data!;

        var opening = new ObjectOpening(sealedSecret, keys, options);
        using var opened = opening.OpenAll(sealedItems);
        if (opening.TooCostly is { } tooCostly) return new ResealResult(sealedSecret, new Dictionary<string, ResealedItem>(), opening.PrivateOperations, tooCostly);
        var metadata = sealedSecret.Metadata;
        var label = SealingScopes.Label(SealingScopes.Of(metadata), metadata.Namespace, metadata.Name);
        var report = new SortedDictionary<string, ResealedItem>(StringComparer.Ordinal);
        foreach (var (name, failure) in opened.Failures) report[name] = new ResealedItem(ResealOutcome.Failed, null, failure);
        foreach (var (name, plaintext) in opened.Plaintexts)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            var current = opened.Keys[name] == certificate.Fingerprint;
            report[name] = new ResealedItem(current ? ResealOutcome.Current : ResealOutcome.Changed, opened.Keys[name], null);
            if (!current) sealedItems[name] = Convert.ToBase64String(certificate.Reseal(plaintext, label));
        }
        var result = report.Values.Any(item => item.Outcome == ResealOutcome.Changed)
            ? sealedSecret with { Spec = legacy ? spec with { Data = sealedItems[Unsealer.LegacyItem] } : spec with { EncryptedData = sealedItems } }
            : sealedSecret;
        var failed = opened.Failures.Count == 0 ? null : UnsealFailure.OfItems(opened.Failures);
        return new ResealResult(WithHint(result, certificate, hint, failed is not null), report, opening.PrivateOperations, failed);
    }

    /// <summary>A hint that points to a key the items no longer need would make every opening try it in vain.</summary>
    private static SealedSecret WithHint(SealedSecret sealedSecret, SealingCertificate certificate, bool hint, bool failed)
    {
        var old = sealedSecret.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint);
        if (failed || old == certificate.Fingerprint || (old is null && !hint)) return sealedSecret;
        var annotations = new SortedDictionary<string, string>(sealedSecret.Metadata.Annotations ?? [], StringComparer.Ordinal);
        if (hint) annotations[SealedSecretAnnotations.SealingKeyHint] = certificate.Fingerprint;
        else annotations.Remove(SealedSecretAnnotations.SealingKeyHint);
        return sealedSecret with { Metadata = sealedSecret.Metadata with { Annotations = annotations.Count == 0 ? null : annotations } };
    }

    private static ResealResult Conflict(SealedSecret sealedSecret)
    {
        var conflict = UnsealFailure.OfObject(UnsealFailureKind.ConflictingData, Unsealer.ConflictingData);
        return new ResealResult(sealedSecret, new Dictionary<string, ResealedItem>(), 0, conflict);
    }
}
