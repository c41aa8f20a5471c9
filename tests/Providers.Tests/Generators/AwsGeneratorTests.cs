using GitOpsSecrets.Providers.Generators;
using GitOpsSecrets.Providers.Generators.Aws;
using GitOpsSecrets.Providers.Tests.Aws.Simulator;

namespace GitOpsSecrets.Providers.Tests.Generators;

public sealed class AwsGeneratorTests
{
    private const string Auth = """ "auth":{"secretRef":{"accessKeyIDSecretRef":{"name":"aws","key":"id"},"secretAccessKeySecretRef":{"name":"aws","key":"secret"}}} """;

    [Fact]
    public async Task A_private_registry_gives_a_login_and_its_address()
    {
        await using var aws = await AwsSimulator.StartAsync(TimeProvider.System);
        var ecr = SetUp(aws, variable => new EcrGenerator(variable));
        var texts = await ecr.TextsAsync($$"""{"region":"eu-west-1",{{Auth}}}""");
        Assert.Equal(("AWS", "password-of-ecr", "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com"), (texts["username"], texts["password"], texts["proxy_endpoint"]));
        Assert.True(long.Parse(texts["expires_at"], System.Globalization.CultureInfo.InvariantCulture) > TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        Assert.Equal("eu-west-1", aws.Seen.Single().Region);
    }

    [Fact]
    public async Task Public_registries_are_asked_in_their_one_region()
    {
        await using var aws = await AwsSimulator.StartAsync(TimeProvider.System);
        var ecr = SetUp(aws, variable => new EcrGenerator(variable));
        var texts = await ecr.TextsAsync($$"""{"region":"eu-west-1","scope":"public",{{Auth}}}""");
        Assert.Equal(["expires_at", "password", "username"], texts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("us-east-1", "ecr-public"), (aws.Seen.Single().Region, aws.Seen.Single().Service));
    }

    [Fact]
    public async Task A_session_token_is_asked_for_as_the_spec_says()
    {
        await using var aws = await AwsSimulator.StartAsync(TimeProvider.System);
        var sts = SetUp(aws, variable => new StsGenerator(variable));
        using var generated = await sts.GenerateAsync($$"""{"region":"eu-west-1","requestParameters":{"sessionDuration":900,"serialNumber":"mfa","tokenCode":"123456"},{{Auth}}}""");
        Assert.Equal(["access_key_id", "expiration", "secret_access_key", "session_token"], generated.Values.Keys);
        Assert.NotNull(generated.ExpiresAt);
        var asked = aws.Seen.Single().Body;
        Assert.Equal(("900", "mfa", "123456"), ((string?)asked["DurationSeconds"], (string?)asked["SerialNumber"], (string?)asked["TokenCode"]));
    }

    [Fact]
    public async Task A_role_is_assumed_before()
    {
        await using var aws = await AwsSimulator.StartAsync(TimeProvider.System);
        aws.Roles["arn:aws:iam::123456789012:role/puller"] = null;
        var ecr = SetUp(aws, variable => new EcrGenerator(variable));
        await ecr.TextsAsync($$"""{"region":"eu-west-1","role":"arn:aws:iam::123456789012:role/puller",{{Auth}}}""");
        Assert.Equal(["AKIATEST", "ASIA1"], aws.Seen.Select(seen => seen.AccessKeyId));
    }

    [Theory]
    [InlineData("""{"region":"nowhere"}""")]
    [InlineData("""{"region":"eu-west-1","scope":"secret"}""")]
    [InlineData("""{"region":"eu-west-1","auth":{"secretRef":{}}}""")]
    public async Task A_spec_that_makes_no_sense_is_refused(string spec) => await new GeneratorSetUp(new EcrGenerator(_ => null)).RefusalAsync(spec);

    private static GeneratorSetUp SetUp(AwsSimulator aws, Func<Func<string, string?>, IGenerator> make)
    {
        aws.AddKey("AKIATEST", "secret-of-the-test");
        var set = new GeneratorSetUp(make(name => name == "AWS_ENDPOINT_URL" ? aws.Address.ToString() : null));
        set.Time.SetUtcNow(TimeProvider.System.GetUtcNow());
        set.Cluster.Put("team-a", "aws", "id", "AKIATEST");
        set.Cluster.Put("team-a", "aws", "secret", "secret-of-the-test");
        return set;
    }
}
