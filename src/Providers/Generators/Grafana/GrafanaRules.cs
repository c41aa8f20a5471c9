using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Providers.Generators.Grafana;

/// <summary>What can be wrong with a Grafana generator as written: pure.</summary>
internal static class GrafanaRules
{
    private static readonly string[] Roles = ["Viewer", "Editor", "Admin", "None"];

    public static IEnumerable<string> Findings(GrafanaSpec spec) =>
    [
        .. Uri.TryCreate(spec.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? [] : (string[])["spec.url is not an http or https address"],
        .. string.IsNullOrEmpty(spec.ServiceAccount.Name) ? ["spec.serviceAccount.name is required"] : (string[])[],
        .. Roles.Contains(spec.ServiceAccount.Role, StringComparer.Ordinal) ? [] : (string[])[$"spec.serviceAccount.role must be one of {string.Join(", ", Roles)}"],
        .. spec.ServiceAccount.SecondsToLive is <= 0 ? ["spec.serviceAccount.secondsToLive must be positive"] : (string[])[],
        .. spec.Auth is { Token: null, Basic: null } ? ["spec.auth must have token or basic"] : (string[])[],
        .. spec.Auth.Token is { } token ? Selector("spec.auth.token", token) : [],
        .. spec.Auth is { Token: null, Basic: { } basic } ? Selector("spec.auth.basic.password", basic.Password) : [],
    ];

    private static IEnumerable<string> Selector(string path, LocalSecretKeySelector selector)
    {
        if (string.IsNullOrEmpty(selector.Name)) yield return $"{path}.name is required";
        if (string.IsNullOrEmpty(selector.Key)) yield return $"{path}.key is required";
    }
}
