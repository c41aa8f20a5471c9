using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Tests.Contract;

public sealed class FakeContractTests : ProviderContractTests
{
    private protected override Task<ContractStand> StandAsync(ProviderHttpOptions? http = null) => Task.FromResult<ContractStand>(new FakeStand());
}
