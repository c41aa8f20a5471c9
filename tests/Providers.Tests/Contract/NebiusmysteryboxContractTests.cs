using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Nebius;

namespace GitOpsSecrets.Providers.Tests.Contract;

public sealed class NebiusmysteryboxContractTests : ProviderContractTests
{
    private protected override Task<ContractStand> StandAsync(ProviderHttpOptions? http = null) => (http is null ? new NebiusStand() : new NebiusStand { Http = http }).StartAsync();
}
