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
    private static readonly IReadOnlyList<string> BuiltIn = ["aws SecretsManager", "aws ParameterStore", "vault", "openBao", "azurekv", "gcpsm", "kubernetes", "webhook", "declared", "cloudrusm", "keepersecurity", "nebiusmysterybox"];

    public static IReadOnlyList<string> Names => [.. BuiltIn, .. Recordings.Names.Where(name => Recordings.Read(name)["contract"] is not null)];

    /// <summary>Definitions whose simulator cannot keep what these tests put there, each with the reason that its recording gives; their exchanges are tested to the letter elsewhere.</summary>
    public static IReadOnlyDictionary<string, string> LeftOut => Recordings.Names.Where(name => Recordings.Read(name)["contract"] is null)
        .Select(name => KeyValuePair.Create(name, Recordings.Read(name)["notContract"]!.ToString()))
        .Append(KeyValuePair.Create("crd", "it speaks to the API server as the store of the kind kubernetes does, and nothing can be put there by it"))
        .ToDictionary(StringComparer.Ordinal);

    public static Task<ContractStand> StartAsync(string name, ITestCluster cluster) => name switch
    {
        "aws SecretsManager" => new AwsStand("SecretsManager").StartAsync(),
        "aws ParameterStore" => new AwsStand("ParameterStore").StartAsync(),
        "vault" or "openBao" => new VaultStand(name).StartAsync(),
        "azurekv" => new AzureStand().StartAsync(),
        "gcpsm" => new GoogleStand().StartAsync(),
        "kubernetes" => new KubernetesStand(cluster).StartAsync(),
        "webhook" => new WebhookStand().StartAsync(),
        "declared" => new OwnStand().StartAsync(),
        "cloudrusm" => new CloudruStand().StartAsync(),
        "keepersecurity" => new KeeperStand().StartAsync(),
        "nebiusmysterybox" => new NebiusStand().StartAsync(),
        _ => new RecordedStand(name).StartAsync(),
    };
}
