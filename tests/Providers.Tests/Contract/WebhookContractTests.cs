using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Tests.Contract;

public sealed class WebhookContractTests : ProviderContractTests
{
    private protected override Task<ContractStand> StandAsync(ProviderHttpOptions? http = null) => (http is null ? new WebhookStand() : new WebhookStand { Http = http }).StartAsync();
}
