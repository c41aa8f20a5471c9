using GitOpsSecrets.Providers.Tests.Cloudru;
using GitOpsSecrets.Providers.Tests.Contract;
using GitOpsSecrets.Providers.Tests.Declared;
using GitOpsSecrets.Providers.Tests.Keeper;
using GitOpsSecrets.Providers.Tests.Nebius;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.External.Trouble;

/// <summary>Every provider that speaks over the wire, each with what stands behind it.</summary>
internal static class TroubleStands
{
    private const string Aws = "aws ";

    private static readonly IReadOnlyList<string> BuiltIn =
    [
        "aws SecretsManager", "aws ParameterStore", "aws CertificateManager", "vault", "openBao", "azurekv", "gcpsm", "kubernetes", "crd", "webhook", "declared", "cloudrusm", "keepersecurity", "nebiusmysterybox",
    ];

    /// <summary>Those, and all whose recording says how a simulated store speaks.</summary>
    public static IReadOnlyList<string> Names => [.. BuiltIn, .. Recordings.Names.Where(name => RecordedStand.SimulatedOf(name) is not null)];

    public static Task<ContractStand> StartAsync(string name, ITestCluster cluster) => name switch
    {
        _ when name.StartsWith(Aws, StringComparison.Ordinal) => new AwsStand(name[Aws.Length..]).StartAsync(),
        "vault" or "openBao" => new VaultStand(name).StartAsync(),
        "azurekv" => new AzureStand().StartAsync(),
        "gcpsm" => new GoogleStand().StartAsync(),
        "kubernetes" => new KubernetesStand(cluster).StartAsync(),
        "crd" => new CrdStand(cluster).StartAsync(ExternalStage.Namespace),
        "webhook" => new WebhookStand().StartAsync(),
        "declared" => new OwnStand().StartAsync(),
        "cloudrusm" => new CloudruStand().StartAsync(),
        "keepersecurity" => new KeeperStand().StartAsync(),
        "nebiusmysterybox" => new NebiusStand().StartAsync(),
        _ => new RecordedStand(name).StartAsync(),
    };
}
