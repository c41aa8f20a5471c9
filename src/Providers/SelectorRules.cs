using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Providers;

/// <summary>What the references in the options of a store or a generator must keep to: pure. One of a namespace names nothing of another.</summary>
public static class SelectorRules
{
    /// <param name="path">The field, from <c>spec.provider</c> on.</param>
    /// <param name="defaultKey">The key when the selector has none; null where it must.</param>
    public static IEnumerable<string> Problems(StoreDescription store, string path, SecretKeySelector? selector, string? defaultKey = null)
    {
        if (selector is null) yield break;
        if (string.IsNullOrEmpty(selector.Name)) yield return $"{path}.name is required";
        if (string.IsNullOrEmpty(selector.Key) && defaultKey is null) yield return $"{path}.key is required";
        if (NamespaceProblem(store, path, selector.Namespace) is { } problem) yield return problem;
    }

    /// <inheritdoc cref="Problems(StoreDescription, string, SecretKeySelector?, string?)"/>
    public static IEnumerable<string> Problems(StoreDescription store, string path, ServiceAccountSelector? selector)
    {
        if (selector is null) yield break;
        if (string.IsNullOrEmpty(selector.Name)) yield return $"{path}.name is required";
        if (NamespaceProblem(store, path, selector.Namespace) is { } problem) yield return problem;
    }

    private static string? NamespaceProblem(StoreDescription store, string path, string? @namespace)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (store.Namespace is not { } own || string.IsNullOrEmpty(@namespace) || @namespace == own) return null;
        var rule = store.Kind == SecretStore.SecretStoreKind
            ? "a SecretStore reads its own namespace only: namespace should either be empty or match the namespace of the SecretStore"
            : $"{store.Kind} reads the namespace of whoever uses it only: namespace should either be empty or match that one";
        return $"{path}.namespace is \"{@namespace}\", but {rule}";
    }
}
