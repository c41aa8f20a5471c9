using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Tests.Contract;

/// <summary>What the simulator is tried with, on a real Vault or OpenBao where one is on the PATH.</summary>
public sealed class VaultServerContractTests : ProviderContractTests
{
    private protected override Task<ContractStand> StandAsync(ProviderHttpOptions? http = null) =>
        (http is null ? new VaultServerStand() : new VaultServerStand { Http = http }).StartAsync();
}
