using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Tests.Contract;

public sealed class VaultContractTests : ProviderContractTests
{
    private protected override Task<ContractStand> StandAsync(ProviderHttpOptions? http = null) => (http is null ? new VaultStand() : new VaultStand { Http = http }).StartAsync();
}
