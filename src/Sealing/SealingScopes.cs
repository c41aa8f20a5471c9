using System.Text;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing;

/// <summary>The rules of the three scopes: their annotations, their names on the command line, their OAEP labels.</summary>
public static class SealingScopes
{
    /// <summary>The scope that metadata asks for. Only the value <c>true</c> counts; cluster-wide wins over namespace-wide.</summary>
    public static SealingScope Of(ObjectMeta metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (metadata.HasTrueAnnotation(SealedSecretAnnotations.ClusterWide)) return SealingScope.ClusterWide;
        return metadata.HasTrueAnnotation(SealedSecretAnnotations.NamespaceWide) ? SealingScope.NamespaceWide : SealingScope.Strict;
    }

    /// <summary>Reads <c>strict</c>, <c>namespace-wide</c>, <c>cluster-wide</c>; the empty string is strict.</summary>
    public static bool TryParse(string text, out SealingScope scope)
    {
        (var known, scope) = text switch
        {
            "" or "strict" => (true, SealingScope.Strict),
            "namespace-wide" => (true, SealingScope.NamespaceWide),
            "cluster-wide" => (true, SealingScope.ClusterWide),
            _ => (false, SealingScope.Strict),
        };
        return known;
    }

    /// <summary>The name <see cref="TryParse"/> reads.</summary>
    public static string Name(SealingScope scope) => scope switch
    {
        SealingScope.Strict => "strict",
        SealingScope.NamespaceWide => "namespace-wide",
        SealingScope.ClusterWide => "cluster-wide",
        _ => throw new ArgumentOutOfRangeException(nameof(scope)),
    };

    /// <summary>
    /// The OAEP label, UTF-8: <c>namespace/name</c>, <c>namespace</c>, or nothing. No two scopes can share a label by accident:
    /// Kubernetes names and namespaces hold no slash, and a namespace is never empty.
    /// </summary>
    public static byte[] Label(SealingScope scope, string? ns, string? name) => scope switch
    {
        SealingScope.Strict => Encoding.UTF8.GetBytes($"{ns}/{name}"),
        SealingScope.NamespaceWide => Encoding.UTF8.GetBytes(ns ?? ""),
        SealingScope.ClusterWide => [],
        _ => throw new ArgumentOutOfRangeException(nameof(scope)),
    };

    /// <summary>The same metadata with exactly the annotation of this scope; all other annotations stay.</summary>
    public static ObjectMeta Annotate(ObjectMeta metadata, SealingScope scope)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in metadata.Annotations ?? []) annotations[key] = value;
        annotations.Remove(SealedSecretAnnotations.ClusterWide);
        annotations.Remove(SealedSecretAnnotations.NamespaceWide);
        if (Annotation(scope) is { } own) annotations[own] = "true";
        return metadata with { Annotations = annotations.Count == 0 ? null : annotations };
    }

    /// <summary>The annotation that asks for this scope; strict has none.</summary>
    public static string? Annotation(SealingScope scope) => scope switch
    {
        SealingScope.NamespaceWide => SealedSecretAnnotations.NamespaceWide,
        SealingScope.ClusterWide => SealedSecretAnnotations.ClusterWide,
        _ => null,
    };
}
