using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.SopsKeys;
using GitOpsSecrets.Providers.Tests.Aws.Simulator;
using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Providers.Tests.SopsKeys;

/// <summary>Data keys of SOPS files that AWS KMS wraps.</summary>
public sealed class AwsKmsKeysTests : IAsyncLifetime
{
    private const string Role = "arn:aws:iam::123456789012:role/sops";
    private static readonly byte[] DataKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private readonly CallLog calls = new();
    private AwsSimulator aws = null!;
    private string arn = "";

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        aws = await AwsSimulator.StartAsync(TimeProvider.System);
        aws.AddKey("AKIATEST", "secret-of-the-test");
        arn = aws.Keys.Create("eu-central-1");
    }

    public ValueTask DisposeAsync() => aws.DisposeAsync();

    [Fact]
    public async Task A_data_key_is_wrapped_and_unwrapped_in_the_keys_region()
    {
        using var service = Service(Own());
        var key = Key(("arn", arn));
        var wrapped = await service.WrapAsync(key, DataKey, Ending);
        Assert.DoesNotContain(Convert.ToBase64String(DataKey), wrapped, StringComparison.Ordinal);
        Assert.Equal(DataKey, await service.UnwrapAsync(key.With(wrapped, null), Ending));
        Assert.Equal(["kms eu-central-1 Encrypt", "kms eu-central-1 Decrypt"], aws.Seen.Select(seen => $"{seen.Service} {seen.Region} {seen.Operation}"));
        Assert.Equal([("AWS/KMS", "Encrypt", true), ("AWS/KMS", "Decrypt", true)], calls.Calls);
    }

    [Fact]
    public async Task The_encryption_context_must_be_the_same()
    {
        using var service = Service(Own());
        var key = Key(("arn", arn));
        var context = new MapNode();
        context.Add("app", ScalarNode.Text("shop"));
        key.Fields.Add("context", context);
        var wrapped = await service.WrapAsync(key, DataKey, Ending);
        Assert.Equal(DataKey, await service.UnwrapAsync(key.With(wrapped, null), Ending));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => service.UnwrapAsync(Key(("arn", arn)).With(wrapped, null), Ending));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
    }

    [Fact]
    public async Task A_role_is_assumed_once_for_all_its_keys()
    {
        aws.Roles[Role] = null;
        using var service = Service(Own());
        var key = Key(("arn", arn), ("role", Role));
        await service.WrapAsync(key, DataKey, Ending);
        await service.WrapAsync(key, DataKey, Ending);
        Assert.Equal(["AKIATEST", "ASIA1", "ASIA1"], aws.Seen.Select(seen => seen.AccessKeyId));
    }

    [Fact]
    public async Task A_tenant_has_the_credentials_of_his_Secret_and_no_others()
    {
        var variables = Variables();
        var items = new Dictionary<string, string> { ["sops.aws-kms"] = "aws_access_key_id: AKIATEST\naws_secret_access_key: \"secret-of-the-test\"\n" };
        using (var service = Service(new KeyServiceCredentials { Items = items, Variables = variables })) await service.WrapAsync(Key(("arn", arn)), DataKey, Ending);
        using var without = Service(new KeyServiceCredentials { Variables = variables });
        var failure = await Assert.ThrowsAsync<ProviderException>(() => without.WrapAsync(Key(("arn", arn)), DataKey, Ending));
        Assert.Equal(ProviderFailureKind.Denied, failure.Kind);
        Assert.Contains("sops.aws-kms", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_is_looked_up_in_the_users_file()
    {
        var home = Directory.CreateTempSubdirectory("home-").FullName;
        Directory.CreateDirectory(Path.Combine(home, ".aws"));
        await File.WriteAllTextAsync(Path.Combine(home, ".aws", "credentials"), "[work]\naws_access_key_id = AKIATEST\naws_secret_access_key = secret-of-the-test\n", Ending);
        using var service = Service(new KeyServiceCredentials { Variables = Variables(), HomeFolder = home, MayUseSurroundings = true, TrustsAddresses = true });
        await service.WrapAsync(Key(("arn", arn), ("aws_profile", "work")), DataKey, Ending);
        Assert.Equal("AKIATEST", aws.Seen.Single().AccessKeyId);
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task Credentials_that_are_none_are_told_without_a_call()
    {
        var items = new Dictionary<string, string> { ["sops.aws-kms"] = "aws_access_key_id: AKIATEST\n" };
        using var half = Service(new KeyServiceCredentials { Items = items, Variables = Variables() });
        Assert.Contains("has no lines aws_access_key_id and aws_secret_access_key", (await Assert.ThrowsAsync<ProviderException>(() => half.WrapAsync(Key(("arn", arn)), DataKey, Ending))).Message, StringComparison.Ordinal);
        using var absent = Service(new KeyServiceCredentials { Variables = Variables(), HomeFolder = "/nowhere", MayUseSurroundings = true, TrustsAddresses = true });
        var failure = await Assert.ThrowsAsync<ProviderException>(() => absent.WrapAsync(Key(("arn", arn), ("aws_profile", "work")), DataKey, Ending));
        Assert.Contains("aws_profile \"work\" is no profile with an access key", failure.Message, StringComparison.Ordinal);
        Assert.Empty(aws.Seen);
    }

    [Theory]
    [InlineData("arn:aws:kms:evil.example/x:123456789012:key/a")]
    [InlineData("arn:aws:s3:eu-central-1:123456789012:key/a")]
    [InlineData("alias/mine")]
    public async Task What_is_no_ARN_of_a_key_leads_nowhere(string text)
    {
        using var service = Service(Own());
        Assert.Equal(ProviderFailureKind.Invalid, (await Assert.ThrowsAsync<ProviderException>(() => service.WrapAsync(Key(("arn", text)), DataKey, Ending))).Kind);
        Assert.Empty(aws.Seen);
    }

    private static MasterKey Key(params (string Name, string Value)[] fields)
    {
        var map = new MapNode();
        foreach (var (name, value) in fields) map.Add(name, ScalarNode.Text(value));
        return new MasterKey(MasterKeyKind.AwsKms, map);
    }

    private Dictionary<string, string> Variables() => new() { ["AWS_ENDPOINT_URL"] = aws.Address.ToString() };

    private KeyServiceCredentials Own()
    {
        var variables = Variables();
        (variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]) = ("AKIATEST", "secret-of-the-test");
        return new KeyServiceCredentials { Variables = variables, MayUseSurroundings = true };
    }

    private KeyServiceContext Context(KeyServiceCredentials credentials) => new(credentials, new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), calls, TimeProvider.System);

    private IKeyService Service(KeyServiceCredentials credentials) => KeyServiceCatalog.All.Single(kind => kind.Name == MasterKeyKind.AwsKms).Open(Context(credentials));
}
