using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Contract;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>The contract, kept by a store of a definition; each has a class that derives from this one.</summary>
public abstract class RecordedContractTests(string name) : ProviderContractTests
{
    private protected override Task<ContractStand> StandAsync(ProviderHttpOptions? http = null) => (http is null ? new RecordedStand(name) : new RecordedStand(name) { Http = http }).StartAsync();
}
