using System.Globalization;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Verifying;

/// <summary>What is wrong with one SealedSecret, each finding with its field and remedy; none means that nothing speaks against it.</summary>
internal static class ObjectCheck
{
    /// <param name="source">The object.</param>
    /// <param name="finalNamespace">Where it will be applied, if that is not what it says itself.</param>
    /// <param name="certificate">What it should be sealed to; <c>null</c> for no opinion.</param>
    /// <param name="keys">What should open it; <c>null</c> to leave that out.</param>
    /// <param name="controller">Asked likewise, and says whether it opens it; <c>null</c> to leave that out.</param>
    public static async Task<IReadOnlyList<string>> RunAsync(ManifestObject source, string? finalNamespace, SealingCertificate? certificate, KeyRing? keys, Func<SealedSecret, Task<bool>>? controller)
    {
        SealedSecret sealedSecret;
        try
        {
            sealedSecret = ObjectDecoder.SealedSecret(source);
        }
        catch (CommandException failure)
        {
            return [failure.Problem ?? failure.Message];
        }
        if (finalNamespace is not null) sealedSecret = sealedSecret with { Metadata = sealedSecret.Metadata with { Namespace = finalNamespace } };
        List<string> certain = [.. Structure(sealedSecret), .. Annotations(sealedSecret), .. Certificate(sealedSecret, certificate)];
        List<string> likely = [.. SealedForAnother(sealedSecret)];
        if (certain.Count > 0) return [.. certain, .. likely];
        if (keys is null && controller is null) return likely;
        // Where it can be tried, what the template lets suppose is no more than the likely reason.
        if (keys is not null && Opening(sealedSecret, keys) is { } failed) return likely.Count > 0 ? likely : [failed];
        if (controller is null || await controller(sealedSecret)) return [];
        return likely.Count > 0 ? likely : ["the controller cannot open it: sealed with a key that it does not have, or for another name, namespace or scope"];
    }

    private static IEnumerable<string> Structure(SealedSecret value)
    {
        if (value.ApiVersion != SealedSecret.GroupVersion) yield return $"apiVersion is not {SealedSecret.GroupVersion}";
        if (string.IsNullOrEmpty(value.Metadata.Name)) yield return "metadata.name is missing";
        var items = value.Spec.EncryptedData;
        if (items is null && string.IsNullOrEmpty(value.Spec.Data)) yield return "spec.encryptedData is missing; the API server demands it, be it {}";
        if (items is { Count: > 0 } && !string.IsNullOrEmpty(value.Spec.Data)) yield return "spec.data and spec.encryptedData exclude each other; remove spec.data";
        foreach (var (name, text) in items ?? [])
        {
            if (ObjectNames.ProblemOfItem(name) is { } problem) yield return $"spec.encryptedData: {problem}";
            if (!SealedItem.TryDecode(text, out var bytes, out var failure) || !SealedItem.TryParse(bytes, out _, out failure))
                yield return $"spec.encryptedData.{name}: {failure.Explanation}; seal it again";
        }
    }

    /// <summary>Where scope, name and namespace contradict each other, or what the object was sealed for as far as that can be told.</summary>
    public static IEnumerable<string> Scope(SealedSecret value) => Annotations(value).Concat(SealedForAnother(value));

    private static IEnumerable<string> Annotations(SealedSecret value)
    {
        foreach (var annotation in (string[])[SealedSecretAnnotations.ClusterWide, SealedSecretAnnotations.NamespaceWide])
        {
            if (value.Metadata.Annotation(annotation) is { } text and not ("true" or "false" or ""))
                yield return $"metadata.annotations: {annotation} is \"{text}\"; only the value \"true\" counts, so the scope is not what it seems";
        }
        var scope = SealingScopes.Of(value.Metadata);
        if (scope != SealingScope.ClusterWide && string.IsNullOrEmpty(value.Metadata.Namespace))
            yield return $"metadata.namespace is missing: {SealingScopes.Name(scope)} values open in one namespace only; add it, or say with -n where it will be applied";
    }

    private static IEnumerable<string> SealedForAnother(SealedSecret value)
    {
        if (value.Spec.Template?.Metadata is not { Name: not null } template) yield break;

        // Sealing copies name, namespace and scope into the template, so a difference tells what was changed afterwards.
        var (scope, sealedFor) = (SealingScopes.Of(value.Metadata), SealingScopes.Of(template));
        if (sealedFor != scope && TellsScope(value, template))
            yield return $"metadata.annotations: sealed {SealingScopes.Name(sealedFor)} (says spec.template.metadata), but the object is now {SealingScopes.Name(scope)}; restore the annotation or seal again";
        else if (scope == SealingScope.Strict && template.Name != value.Metadata.Name)
            yield return $"metadata.name: sealed for \"{template.Name}\" (says spec.template.metadata), but the object is now named \"{value.Metadata.Name}\"; strict values open under their own name only: seal again";
        if (scope != SealingScope.ClusterWide && template.Namespace is { } space && value.Metadata.Namespace is { Length: > 0 } own && space != own)
            yield return $"metadata.namespace: sealed for \"{space}\" (says spec.template.metadata), but the object goes to \"{own}\"; seal again for that namespace";
    }

    /// <summary>A template without a scope's annotation may be written by hand, around items of <c>--raw</c>; not where sealing left its hint on the object.</summary>
    private static bool TellsScope(SealedSecret value, ObjectMeta template) =>
        SealingScopes.Of(template) != SealingScope.Strict || value.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint) is not null;

    private static IEnumerable<string> Certificate(SealedSecret value, SealingCertificate? certificate)
    {
        if (certificate is null) yield break;
        if (value.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint) is { } hint && hint != certificate.Fingerprint)
            yield return $"sealed with the key {hint}, not with that of the certificate ({certificate.Fingerprint}); seal reencrypt brings it up to date";
        foreach (var (name, text) in value.Spec.EncryptedData ?? [])
        {
            if (SealedItem.TryDecode(text, out var bytes, out _) && SealedItem.TryParse(bytes, out var item, out _) && item.KeyBits != certificate.KeyBits)
            {
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"spec.encryptedData.{name}: sealed with a key of {item.KeyBits} bits; the certificate's has {certificate.KeyBits}; seal reencrypt brings it up to date");
            }
        }
    }

    /// <returns>Why it does not open; <c>null</c> when it does.</returns>
    private static string? Opening(SealedSecret value, KeyRing keys)
    {
        // Whether templates render is the controller's matter; here the question is whether the items open.
        var items = value with { Spec = value.Spec with { Template = value.Spec.Template is { } template ? template with { Data = null } : null } };
        using var result = Unsealer.Unseal(items, keys, UnsealOptions.Default);
        return result.Succeeded ? null : result.Failure.Explanation;
    }
}
