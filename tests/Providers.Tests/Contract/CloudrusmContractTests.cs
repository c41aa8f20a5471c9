using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Cloudru;

namespace GitOpsSecrets.Providers.Tests.Contract;

public sealed class CloudrusmContractTests : ProviderContractTests
{
    private protected override Task<ContractStand> StandAsync(ProviderHttpOptions? http = null) => (http is null ? new CloudruStand() : new CloudruStand { Http = http }).StartAsync();
}
