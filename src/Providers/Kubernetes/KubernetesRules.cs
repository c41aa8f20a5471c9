using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Kubernetes;

/// <summary>What can be wrong with a Kubernetes store as written: pure.</summary>
internal static class KubernetesRules
{
    public const string Root = "spec.provider.kubernetes";

    public static IEnumerable<string> Problems(StoreDescription store, KubernetesStore options) => [
        .. ServerProblems(store, options.Server),
        .. WayProblems(options),
        .. SelectorRules.Problems(store, Root + ".authRef", options.AuthRef),
        .. SelectorRules.Problems(store, Root + ".auth.cert.clientCert", options.Auth?.Cert?.ClientCert),
        .. SelectorRules.Problems(store, Root + ".auth.cert.clientKey", options.Auth?.Cert?.ClientKey),
        .. SelectorRules.Problems(store, Root + ".auth.token.bearerToken", options.Auth?.Token?.BearerToken),
        .. SelectorRules.Problems(store, Root + ".auth.serviceAccount", options.Auth?.ServiceAccount),
        .. options.RemoteNamespace is { Length: > 0 } place && !KubernetesNames.IsNamespace(place) ? [$"{Root}.remoteNamespace \"{place}\" is no name of a namespace"] : (string[])[],
    ];

    private static IEnumerable<string> ServerProblems(StoreDescription store, KubernetesServer? server)
    {
        if (server is null) yield break;
        if (AddressOf(server.Url) is null) yield return $"{Root}.server.url \"{server.Url}\" is not the address of an API server";
        if (server.CaProvider is null) yield break;
        if (store.IsClusterWide && string.IsNullOrEmpty(server.CaProvider.Namespace)) yield return $"{Root}.server: CAProvider.namespace must not be empty with ClusterSecretStore";
        if (!store.IsClusterWide && !string.IsNullOrEmpty(server.CaProvider.Namespace)) yield return $"{Root}.server: CAProvider.namespace must be empty with SecretStore";
    }

    private static IEnumerable<string> WayProblems(KubernetesStore options)
    {
        object?[] ways = [options.AuthRef, options.Auth?.Cert, options.Auth?.Token, options.Auth?.ServiceAccount];
        if (ways.Count(way => way is not null) != 1) yield return $"{Root}: exactly one of auth.cert, auth.token, auth.serviceAccount and authRef is required";
    }

    /// <summary>A kubeconfig says all about its server.</summary>
    public static IEnumerable<string> Unused(KubernetesStore options) => options.AuthRef is null
        ? UnusedOptions.Authorities(Root + ".server", options.Server?.CaBundle, options.Server?.CaProvider)
        : UnusedOptions.Given((Root + ".server", options.Server));

    /// <summary>A bare name means https; null when it is no address.</summary>
    public static Uri? AddressOf(string? url)
    {
        var text = string.IsNullOrEmpty(url) ? KubernetesStore.DefaultUrl : url;
        if (!text.Contains("://", StringComparison.Ordinal)) text = "https://" + text;
        return Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Query.Length == 0 ? address : null;
    }
}
