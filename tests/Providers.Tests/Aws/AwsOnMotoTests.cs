namespace GitOpsSecrets.Providers.Tests.Aws;

/// <summary>On moto (https://docs.getmoto.org), an emulator of AWS that others wrote. Its address is in <c>MOTO_URL</c>; <c>.ci/run</c> starts one.</summary>
public sealed class AwsOnMotoTests : AwsBehaviourTests
{
    private protected override Task<Uri> StartAsync()
    {
        var url = Environment.GetEnvironmentVariable("MOTO_URL");
        Assert.SkipWhen(string.IsNullOrEmpty(url), "no moto here: set MOTO_URL to the address of a moto_server");
        return Task.FromResult(new Uri(url!));
    }
}
