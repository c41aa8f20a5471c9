using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Aws;
using GitOpsSecrets.Providers.Tests.Aws.Simulator;

namespace GitOpsSecrets.Providers.Tests.Aws;

public sealed class AwsFailureTests
{
    [Theory]
    [InlineData("AccessDeniedException", 400, ProviderFailureKind.Denied)]
    [InlineData("UnrecognizedClientException", 400, ProviderFailureKind.Denied)]
    [InlineData("DecryptionFailure", 400, ProviderFailureKind.Denied)]
    [InlineData("ThrottlingException", 400, ProviderFailureKind.Throttled)]
    [InlineData("InternalServiceError", 500, ProviderFailureKind.Unavailable)]
    [InlineData("InternalServiceError", 400, ProviderFailureKind.Unavailable)]
    [InlineData("ValidationException", 400, ProviderFailureKind.Invalid)]
    [InlineData("com.amazonaws.secretsmanager#AccessDeniedException:http://x", 404, ProviderFailureKind.Denied)]
    public async Task The_code_says_what_an_error_means_and_not_the_status(string code, int status, ProviderFailureKind kind)
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v");
        set.Aws.Refuse = seen => seen.Operation == "GetSecretValue" ? new AwsSimulatedException(code, "because of this", status) : null;
        await using var source = await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Equal(kind, failure.Kind);
        Assert.EndsWith("because of this", failure.Message, StringComparison.Ordinal);
        Assert.Contains(("AWS/SecretsManager", "GetSecretValue", false), set.Calls.Calls);
    }

    [Fact]
    public async Task A_throttled_call_is_repeated_as_often_as_the_store_says()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Retry = new RetrySettings(2, TimeSpan.Zero);
        set.Aws.Secrets.Put("app", "v");
        var left = 2;
        set.Aws.Refuse = _ => left-- > 0 ? new AwsSimulatedException("ThrottlingException") : null;
        await using var source = await set.OpenAsync();
        Assert.Equal("v", await source.TextAsync(new("app")));
        left = 3;
        Assert.Equal(ProviderFailureKind.Throttled, (await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")))).Kind);
        Assert.Equal(6, set.Aws.Seen.Count);
    }

    [Fact]
    public async Task Who_is_told_when_to_come_back_comes_not_sooner()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Retry = new RetrySettings(3, TimeSpan.Zero);
        set.Aws.RetryAfter = "120";
        set.Aws.Refuse = _ => new AwsSimulatedException("ThrottlingException");
        await using var source = await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Equal(TimeSpan.FromMinutes(2), failure.RetryAfter);
        Assert.Single(set.Aws.Seen);
    }

    [Fact]
    public async Task What_AWS_quotes_of_a_value_that_it_refuses_is_not_told()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Refuse = seen => seen.Operation == "PutParameter" ? new AwsSimulatedException("ValidationException", "Value 'hunter2' failed to satisfy constraint") : null;
        await using var source = (IPush)await set.OpenParametersAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(AwsSetUp.Push("/app", null, "hunter2"), TestContext.Current.CancellationToken));
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("ValidationException", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"region":"mars"}""", "region \"mars\" is none of AWS")]
    [InlineData("""{"region":"evil.example/"}""", "is none of AWS")]
    [InlineData("""{"service":"S3"}""", "neither SecretsManager, ParameterStore nor CertificateManager")]
    [InlineData("""{"secretsManager":{"recoveryWindowInDays":5}}""", "between 7 and 30 days")]
    [InlineData("""{"secretsManager":{"recoveryWindowInDays":7,"forceDeleteWithoutRecovery":true}}""", "conflicts")]
    [InlineData("""{"auth":{"secretRef":{}}}""", "accessKeyIDSecretRef is required")]
    [InlineData("""{"auth":{"jwt":{"serviceAccountRef":{"name":"a","namespace":"other"}}}}""", "namespace should either be empty or match")]
    [InlineData("""{"customSessionTags":{"esoNamespace":"x"}}""", "esoNamespace")]
    [InlineData("""{"sessionTagsPolicy":"Some"}""", "neither None, Simple nor Custom")]
    public void A_store_that_cannot_work_is_told_so_as_it_is_written(string change, string expected)
    {
        var options = JsonNode.Parse("""{"service":"SecretsManager","region":"eu-west-1"}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject()) options[name] = value?.DeepClone();
        var store = new StoreDescription("SecretStore", "aws", "team-a", JsonSerializer.SerializeToElement(options));
        Assert.Contains(new AwsProvider().Check(store), finding => finding.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("eu-west-1", "https://secretsmanager.eu-west-1.amazonaws.com/")]
    [InlineData("cn-north-1", "https://secretsmanager.cn-north-1.amazonaws.com.cn/")]
    [InlineData("us-gov-west-1", "https://secretsmanager.us-gov-west-1.amazonaws.com/")]
    public void An_endpoint_is_that_of_the_regions_partition(string region, string expected)
        => Assert.Equal(expected, new AwsSurroundings(_ => null).EndpointOf(AwsService.SecretsManager, region).ToString());
}
