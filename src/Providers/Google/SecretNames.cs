using System.Text.RegularExpressions;

namespace GitOpsSecrets.Providers.Google;

/// <summary>Names in the API of Secret Manager. Keys are tenants' input: what is no name of a secret goes into no address.</summary>
/// <param name="Project">Id or number.</param>
/// <param name="Location">The region of regional secrets; null for global ones.</param>
internal sealed partial record SecretNames(string Project, string? Location)
{
    public string Parent => Location is null ? $"projects/{Project}" : $"projects/{Project}/locations/{Location}";

    public static bool IsProject(string text) => ProjectForm().IsMatch(text);

    public static bool IsLocation(string text) => LocationForm().IsMatch(text);

    /// <exception cref="ProviderException">The key is no name of a secret.</exception>
    public string Secret(string key) => SecretForm().IsMatch(key)
        ? $"{Parent}/secrets/{key}"
        : throw new ProviderException(ProviderFailureKind.Invalid, $"\"{key}\" is not a name of a secret in Secret Manager: letters, digits, - and _ are, at most 255");

    /// <param name="version">A number, an alias, or <c>latest</c>.</param>
    /// <exception cref="ProviderException">The key or the version is no name.</exception>
    public string Version(string key, string version) => SecretForm().IsMatch(version)
        ? $"{Secret(key)}/versions/{version}"
        : throw new ProviderException(ProviderFailureKind.Invalid, $"\"{version}\" is not a version of a secret: a number, an alias or \"latest\" is");

    /// <summary>The key of a secret that Google names, which it does by the project's number.</summary>
    public static string KeyOf(string name) => name[(name.LastIndexOf('/') + 1)..];

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,255}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SecretForm();

    // Those of companies' own domains have a colon and dots in them.
    [GeneratedRegex(@"\A([a-z0-9][a-z0-9.-]*:)?[a-z0-9][a-z0-9-]*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ProjectForm();

    [GeneratedRegex(@"\A[a-z0-9-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex LocationForm();
}
