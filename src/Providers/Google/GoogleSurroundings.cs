using System.Security.Cryptography.X509Certificates;

namespace GitOpsSecrets.Providers.Google;

/// <summary>
/// Where Google's services and this process's own credentials are: their usual places, unless variables say otherwise
/// (<c>CLOUDSDK_API_ENDPOINT_OVERRIDES_…</c> and <c>CLOUDSDK_AUTH_TOKEN_HOST</c> of gcloud, <c>GCE_METADATA_HOST</c>, <c>GOOGLE_APPLICATION_CREDENTIALS</c>).
/// </summary>
public sealed record GoogleSurroundings
{
    private const string Override = "CLOUDSDK_API_ENDPOINT_OVERRIDES_";
    private const string KeyFileName = "application_default_credentials.json";

    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The user's folder, in which gcloud leaves credentials; null when there is none.</summary>
    public string? HomeFolder { get; init; }

    /// <summary>Certificate authorities trusted in place of the system's; null trusts the system's.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Those of this process.</summary>
    public static GoogleSurroundings OfProcess() => new()
    {
        Variables = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal),
        HomeFolder = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } home ? home : null,
    };

    /// <param name="service">As gcloud names it in capitals, such as <c>SECRETMANAGER</c>.</param>
    /// <param name="usual">The host when no variable names an address.</param>
    internal Uri Service(string service, string usual) =>
        Variable(Override + service) is { } named && Uri.TryCreate(named, UriKind.Absolute, out var address) ? address : new Uri($"https://{usual}/");

    /// <summary>Where one who may act as a service account asks for what is made in its name.</summary>
    internal Uri ServiceAccount(string email, string action) =>
        new(Service("IAMCREDENTIALS", "iamcredentials.googleapis.com"), $"v1/projects/-/serviceAccounts/{Uri.EscapeDataString(email)}:{action}");

    /// <summary>Where users' logins are renewed.</summary>
    internal Uri UserTokens => Variable("CLOUDSDK_AUTH_TOKEN_HOST") is { } named && Uri.TryCreate(named, UriKind.Absolute, out var address) ? address : new Uri("https://oauth2.googleapis.com/token");

    internal Uri Metadata => new($"http://{Variable("GCE_METADATA_HOST") ?? "metadata.google.internal"}/computeMetadata/v1/");

    /// <summary>Files with default credentials, in the order in which they count.</summary>
    internal IEnumerable<string> KeyFiles
    {
        get
        {
            if (Variable("GOOGLE_APPLICATION_CREDENTIALS") is { } named)
            {
                yield return named;
                yield break;
            }
            var folder = Variable("CLOUDSDK_CONFIG") ?? (HomeFolder is null ? null : Path.Combine(HomeFolder, ".config", "gcloud"));
            if (folder is not null && File.Exists(Path.Combine(folder, KeyFileName))) yield return Path.Combine(folder, KeyFileName);
        }
    }

    private string? Variable(string name) => Variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}
