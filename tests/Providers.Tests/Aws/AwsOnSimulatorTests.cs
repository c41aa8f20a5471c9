using GitOpsSecrets.Providers.Tests.Aws.Simulator;

namespace GitOpsSecrets.Providers.Tests.Aws;

public sealed class AwsOnSimulatorTests : AwsBehaviourTests
{
    private readonly TestPair pair = new();
    private AwsSimulator aws = null!;

    public override async ValueTask DisposeAsync()
    {
        await aws.DisposeAsync();
        pair.Dispose();
        await base.DisposeAsync();
    }

    private protected override async Task<Uri> StartAsync()
    {
        aws = await AwsSimulator.StartAsync(TimeProvider.System);
        aws.AddKey("AKIATEST", "secret-of-the-test");
        return aws.Address;
    }

    private protected override Task<string> IssueAsync() => Task.FromResult(aws.Certificates.Issue(pair.Private, pair.Leaf, pair.Authority).Arn);

    private protected override void Allow(string role) => aws.Roles[role] = null;
}
