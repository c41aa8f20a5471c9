using System.Globalization;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Providers.Generators.Gitlab;

/// <summary>What can be wrong with a GitlabDeployToken as written: pure.</summary>
internal static class GitlabRules
{
    private const string Usual = "https://gitlab.com";

    public static IEnumerable<string> Findings(GitlabDeployTokenSpec spec)
    {
        if (!Uri.TryCreate(AddressOf(spec.Url), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) yield return "spec.url is not an http or https address";
        if (string.IsNullOrEmpty(spec.ProjectID) == string.IsNullOrEmpty(spec.GroupID)) yield return "exactly one of spec.projectID or spec.groupID must be set";
        if (string.IsNullOrEmpty(spec.Name)) yield return "spec.name is required";
        if (spec.Scopes.Count == 0) yield return "spec.scopes must have one at least";
        if (!string.IsNullOrEmpty(spec.ExpiresAt) && EndOf(spec) is null) yield return "spec.expiresAt is no time such as 2030-01-31T12:00:00Z";
        if (string.IsNullOrEmpty(spec.Auth.Token.SecretRef.Name)) yield return "spec.auth.token.secretRef.name is required";
        if (string.IsNullOrEmpty(spec.Auth.Token.SecretRef.Key)) yield return "spec.auth.token.secretRef.key is required";
    }

    /// <summary>gitlab.com unless it says otherwise.</summary>
    public static string AddressOf(string? url) => string.IsNullOrEmpty(url) ? Usual : url;

    public static DateTimeOffset? EndOf(GitlabDeployTokenSpec spec) =>
        DateTimeOffset.TryParse(spec.ExpiresAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end) ? end : null;
}
