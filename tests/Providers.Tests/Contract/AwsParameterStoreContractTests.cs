using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Tests.Contract;

public sealed class AwsParameterStoreContractTests : ProviderContractTests
{
    private protected override Task<ContractStand> StandAsync(ProviderHttpOptions? http = null) => (http is null ? new AwsStand("ParameterStore") : new AwsStand("ParameterStore") { Http = http }).StartAsync();
}
