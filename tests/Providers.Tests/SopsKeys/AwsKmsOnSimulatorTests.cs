using GitOpsSecrets.Providers.Tests.Aws.Simulator;

namespace GitOpsSecrets.Providers.Tests.SopsKeys;

public sealed class AwsKmsOnSimulatorTests : AwsKmsBehaviourTests
{
    private AwsSimulator aws = null!;

    public override async ValueTask DisposeAsync()
    {
        await aws.DisposeAsync();
        await base.DisposeAsync();
    }

    // Not on moto, whose keys go on working when they are disabled.
    [Fact]
    public async Task A_key_that_is_disabled_is_named()
    {
        var arn = await CreateKeyAsync("eu-west-1");
        var file = await SealAsync(KeyOf(arn));
        aws.Keys.Disable(arn);
        await RefusedAsync(arn, "DisabledException", () => OpenAsync(file));
        await RefusedAsync(arn, "DisabledException", () => SealAsync(KeyOf(arn)));
    }

    private protected override async Task<Uri> StartAsync()
    {
        aws = await AwsSimulator.StartAsync(TimeProvider.System);
        aws.AddKey("AKIATEST", "secret-of-the-test");
        return aws.Address;
    }

    private protected override Task<string> CreateKeyAsync(string region) => Task.FromResult(aws.Keys.Create(region));

    private protected override void Allow(string role) => aws.Roles[role] = null;
}
