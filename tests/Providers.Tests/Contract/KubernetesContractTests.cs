using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Providers.Tests.Contract;

public sealed class KubernetesContractTests(SharedClusters clusters) : ProviderContractTests
{
    private protected override async Task<ContractStand> StandAsync(ProviderHttpOptions? http = null)
    {
        var cluster = await clusters.GetAsync(ClusterKind.Local, Stop);
        return await (http is null ? new KubernetesStand(cluster) : new KubernetesStand(cluster) { Http = http }).StartAsync();
    }
}
