using System.Text.RegularExpressions;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.GoTemplate.RegularExpressions;
using GitOpsSecrets.Providers.Kubernetes;

namespace GitOpsSecrets.Providers.Crd;

/// <summary>What can be wrong with a store of objects as written: pure.</summary>
internal static partial class CrdRules
{
    public const string Root = "spec.provider.crd";

    public static IEnumerable<string> Problems(StoreDescription store, CrdStore options) => [
        .. KubernetesRules.Problems(store, ConnectionOf(options)).Select(InSpec),
        .. ResourceProblems(options.Resource),
        .. (options.Whitelist?.Rules ?? []).SelectMany((rule, index) => RuleProblems(store, rule, $"{Root}.whitelist.rules[{index}]")),
    ];

    /// <summary>Server and login are those of a store of the kind kubernetes.</summary>
    public static KubernetesStore ConnectionOf(CrdStore options) => new() { Server = options.Server, Auth = options.Auth, AuthRef = options.AuthRef };

    /// <summary>A message about server or login, with the fields as this store has them.</summary>
    public static string InSpec(string message) => message.Replace(KubernetesRules.Root, Root, StringComparison.Ordinal);

    private static IEnumerable<string> ResourceProblems(CrdStore.ResourceBlock resource)
    {
        // They become parts of a path.
        if (resource.Group.Length > 0 && !KubernetesNames.IsObject(resource.Group)) yield return $"{Root}.resource.group \"{resource.Group}\" is no API group";
        if (!Version().IsMatch(resource.Version)) yield return $"{Root}.resource.version \"{resource.Version}\" is no version of an API";
        if (resource.Kind.Length == 0) yield return $"{Root}.resource.kind is required";
        if (resource is { Group: "" or "core", Version: "v1" } && resource.Kind.Equals("Secret", StringComparison.OrdinalIgnoreCase))
            yield return $"{Root}.resource: kind \"Secret\" is not allowed: use the Kubernetes provider to read Kubernetes Secrets";
    }

    private static IEnumerable<string> RuleProblems(StoreDescription store, CrdStore.RuleBlock rule, string path)
    {
        // Such a rule would allow everything, which whoever writes a whitelist does not mean.
        if (string.IsNullOrEmpty(rule.Name) && string.IsNullOrEmpty(rule.Namespace) && rule.Properties is not { Count: > 0 }) yield return $"{path}: whitelist rule must define name, namespace, or properties";
        if (!store.IsClusterWide && !string.IsNullOrEmpty(rule.Namespace)) yield return $"{path}.namespace is not supported for a SecretStore, which only reads its own namespace: remove it or use a ClusterSecretStore";
        foreach (var (field, expression) in Expressions(rule))
        {
            if (!Re2.TryParse(expression, out _, out var problem)) yield return $"{path}.{field}: {problem}";
        }
    }

    private static IEnumerable<(string Field, string Expression)> Expressions(CrdStore.RuleBlock rule) => [
        ("name", rule.Name ?? ""),
        ("namespace", rule.Namespace ?? ""),
        .. (rule.Properties ?? []).Select((property, index) => ($"properties[{index}]", property)),
    ];

    [GeneratedRegex(@"\Av[0-9a-z]{1,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
