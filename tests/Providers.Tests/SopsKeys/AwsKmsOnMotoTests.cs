using GitOpsSecrets.Providers.Tests.Aws;

namespace GitOpsSecrets.Providers.Tests.SopsKeys;

public sealed class AwsKmsOnMotoTests : AwsKmsBehaviourTests
{
    private protected override Task<Uri> StartAsync() => Task.FromResult(Moto.Address());

    private protected override Task<string> CreateKeyAsync(string region) => Moto.CreateKeyAsync(Moto.Address(), region);
}
