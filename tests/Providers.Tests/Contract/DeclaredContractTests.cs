using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Declared;

namespace GitOpsSecrets.Providers.Tests.Contract;

public sealed class DeclaredContractTests : ProviderContractTests
{
    private protected override Task<ContractStand> StandAsync(ProviderHttpOptions? http = null) => (http is null ? new OwnStand() : new OwnStand { Http = http }).StartAsync();
}
