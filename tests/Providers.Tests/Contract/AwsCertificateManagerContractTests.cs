using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Tests.Contract;

/// <summary>Certificates are no keys and values: what is read and pushed is shown by <see cref="Aws.CertificateManagerTests"/>.</summary>
public sealed class AwsCertificateManagerContractTests : ProviderTroubleContractTests
{
    private protected override Task<ContractStand> StandAsync(ProviderHttpOptions? http = null) => (http is null ? new AwsStand("CertificateManager") : new AwsStand("CertificateManager") { Http = http }).StartAsync();
}
