using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Providers.Tests.Contract;

public sealed class CrdTroubleTests(SharedClusters clusters) : ProviderTroubleContractTests
{
    private protected override async Task<ContractStand> StandAsync(ProviderHttpOptions? http = null)
    {
        var cluster = await clusters.GetAsync(ClusterKind.Local, Stop);
        return http is null ? new CrdStand(cluster) : new CrdStand(cluster) { Http = http };
    }
}
