using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Passbolt;

namespace GitOpsSecrets.Providers.Tests.Contract;

/// <summary>Resources are found by Passbolt's own ids: what is read is shown by the recorded exchanges.</summary>
public sealed class PassboltContractTests : ProviderTroubleContractTests
{
    private protected override Task<ContractStand> StandAsync(ProviderHttpOptions? http = null) => (http is null ? new PassboltStand() : new PassboltStand { Http = http }).StartAsync();
}
