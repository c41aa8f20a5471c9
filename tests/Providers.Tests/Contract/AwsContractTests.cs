using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Tests.Contract;

public sealed class AwsContractTests : ProviderContractTests
{
    private protected override Task<ContractStand> StandAsync(ProviderHttpOptions? http = null) => (http is null ? new AwsStand("SecretsManager") : new AwsStand("SecretsManager") { Http = http }).StartAsync();
}
