using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Contract;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>The contract in trouble, kept by a store of a definition that cannot keep all of it; each has a class that derives from this one.</summary>
public abstract class RecordedTroubleTests(string name) : ProviderTroubleContractTests
{
    private protected override Task<ContractStand> StandAsync(ProviderHttpOptions? http = null) =>
        Task.FromResult<ContractStand>(http is null ? new RecordedTroubleStand(name) : new RecordedTroubleStand(name) { Http = http });
}
