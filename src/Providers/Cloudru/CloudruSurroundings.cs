using System.Security.Cryptography.X509Certificates;

namespace GitOpsSecrets.Providers.Cloudru;

/// <summary>Where Cloud.ru is, where that is not what it says of itself (<c>CLOUDRU_DISCOVERY_URL</c>, <c>CLOUDRU_CSM_ADDRESS</c>, <c>CLOUDRU_IAM_ADDRESS</c>).</summary>
public sealed record CloudruSurroundings
{
    /// <summary>Where the addresses of the services are told.</summary>
    public Uri Discovery { get; init; } = new("https://api.cloud.ru/endpoints");

    /// <summary>Host and port of Secret Manager; counts with <see cref="Iam"/> only.</summary>
    public string? SecretManager { get; init; }

    /// <summary>Host and port of the service that gives tokens.</summary>
    public string? Iam { get; init; }

    /// <summary>Certificate authorities trusted in place of the system's; null trusts the system's.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Those of this process.</summary>
    public static CloudruSurroundings OfProcess()
    {
        static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
        var surroundings = new CloudruSurroundings { SecretManager = Variable("CLOUDRU_CSM_ADDRESS"), Iam = Variable("CLOUDRU_IAM_ADDRESS") };
        return Uri.TryCreate(Variable("CLOUDRU_DISCOVERY_URL"), UriKind.Absolute, out var discovery) ? surroundings with { Discovery = discovery } : surroundings;
    }
}
