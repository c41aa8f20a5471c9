using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Keeper;

namespace GitOpsSecrets.Providers.Tests.Contract;

public sealed class KeepersecurityContractTests : ProviderContractTests
{
    private protected override Task<ContractStand> StandAsync(ProviderHttpOptions? http = null) => (http is null ? new KeeperStand() : new KeeperStand { Http = http }).StartAsync();
}
