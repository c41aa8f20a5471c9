using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Aws;
using GitOpsSecrets.Providers.Generators;
using GitOpsSecrets.Providers.Generators.Aws;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Tests.Aws;

/// <summary>What a user sees of AWS, through our own interfaces alone, so that the same facts hold on the simulator and on an emulator that others wrote.</summary>
public abstract class AwsBehaviourTests : IAsyncLifetime
{
    // An emulator lives longer than a test: everything has a name of its own.
    private readonly string own = "t" + Guid.NewGuid().ToString("n")[..12];
    private readonly CallLog calls = new();
    private readonly MemoryCluster cluster = new("team-a");
    private Uri address = null!;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        address = await StartAsync();
        cluster.Put("team-a", "aws", "id", "AKIATEST");
        cluster.Put("team-a", "aws", "secret", "secret-of-the-test");
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Theory]
    [InlineData("SecretsManager")]
    [InlineData("ParameterStore")]
    public async Task What_is_pushed_is_read_found_and_gone_when_it_is_deleted(string service)
    {
        await using var source = await OpenAsync(service);
        var (push, find) = ((IPush)source, (IFind)source);
        var key = Key(service, "app");
        const string Format = """{"tags":{"team":"a"}}""";
        if (service == "ParameterStore") await push.PushAsync(AwsSetUp.Push(key, null, """{"user":"tom","password":"hunter2é<>"}""", Format), Stop);
        foreach (var (property, value) in service == "ParameterStore" ? [] : new[] { ("user", "tom"), ("password", "hunter2é<>") }) await push.PushAsync(AwsSetUp.Push(key, property, value, Format), Stop);
        Assert.Equal("hunter2é<>", await source.TextAsync(new(key, "password")));
        Assert.Equal("tom", await source.TextAsync(new(key, "user")));
        Assert.Equal("a", await source.TextAsync(new(key, "team", FetchMetadata: true)));
        Assert.True(await push.ExistsAsync(new(key, "user"), Stop));

        using var byName = await find.FindAsync(new(service == "ParameterStore" ? "/" + own : own, "app$", new Dictionary<string, string>()), Stop);
        Assert.Equal([key], byName!.Keys);
        using var byTags = await find.FindAsync(new(service == "ParameterStore" ? "/" + own : own, null, new Dictionary<string, string> { ["team"] = "a", ["managed-by"] = "external-secrets" }), Stop);
        Assert.Equal([key], byTags!.Keys);

        await push.DeleteAsync(new(key, null), Stop);
        Assert.Null(await source.TextAsync(new(key)));
        Assert.False(await push.ExistsAsync(new(key, null), Stop));
        await push.DeleteAsync(new(key, null), Stop);
    }

    [Theory]
    [InlineData("SecretsManager", "AWSPREVIOUS")]
    [InlineData("ParameterStore", "1")]
    public async Task The_value_before_can_still_be_had(string service, string version)
    {
        await using var source = await OpenAsync(service);
        var key = Key(service, "app");
        foreach (var value in (string[])["first", "second"]) await ((IPush)source).PushAsync(AwsSetUp.Push(key, null, value), Stop);
        Assert.Equal(["second", "first"], [await source.TextAsync(new(key)), await source.TextAsync(new(key, null, version))]);
    }

    [Theory]
    [InlineData("SecretsManager")]
    [InlineData("ParameterStore")]
    public async Task Many_are_fetched_together_and_one_that_is_missing_spoils_nothing(string service)
    {
        await using var source = (IBatchFetch)await OpenAsync(service);
        var keys = Enumerable.Range(0, 5).Select(i => Key(service, $"app-{i}")).ToList();
        foreach (var key in keys) await ((IPush)source).PushAsync(AwsSetUp.Push(key, null, "value of " + key), Stop);
        var requests = keys.Append(Key(service, "absent")).Select(key => source.RequestFor(new(key))).ToList();
        var outcomes = await source.FetchManyAsync(requests, Stop);
        Assert.Equal([.. keys.Select(key => "value of " + key), null], requests.Select(request => outcomes[request].Secret?.Value(null) is { } value ? Encoding.UTF8.GetString(value) : null));
        Assert.All(outcomes.Values, outcome => Assert.Null(outcome.Failure));
    }

    [Fact]
    public async Task Bytes_stay_bytes_in_Secrets_Manager()
    {
        await using var source = await OpenAsync("SecretsManager");
        byte[] bytes = [0, 255, 10, 13];
        await ((IPush)source).PushAsync(AwsSetUp.PushBytes(Key("SecretsManager", "bytes"), null, bytes), Stop);
        using var secret = await source.FetchAsync(source.RequestFor(new(Key("SecretsManager", "bytes"))), Stop);
        Assert.Equal(bytes, secret!.Value(null));
    }

    [Fact]
    public async Task A_parameter_can_be_encrypted()
    {
        await using var source = await OpenAsync("ParameterStore");
        var key = Key("ParameterStore", "app");
        await ((IPush)source).PushAsync(AwsSetUp.Push(key, null, "hidden", """{"secretType":"SecureString"}"""), Stop);
        Assert.Equal("hidden", await source.TextAsync(new(key)));
    }

    [Fact]
    public async Task A_deleted_secret_is_recovered_when_it_is_pushed_again()
    {
        await using var source = await OpenAsync("SecretsManager");
        var (push, key) = ((IPush)source, Key("SecretsManager", "app"));
        await push.PushAsync(AwsSetUp.Push(key, null, "first"), Stop);
        await push.DeleteAsync(new(key, null), Stop);
        await push.PushAsync(AwsSetUp.Push(key, null, "second"), Stop);
        Assert.Equal("second", await source.TextAsync(new(key)));
    }

    [Fact]
    public async Task A_certificate_is_imported_renewed_in_its_place_and_gone_when_it_is_deleted()
    {
        using TestPair first = new(), second = new();
        await using var source = await OpenAsync("CertificateManager", options => options["prefix"] = own + "/");
        var push = (IPush)source;
        Assert.False(await push.ExistsAsync(new("shop", null), Stop));
        await push.PushAsync(AwsSetUp.PushPair("shop", first.Leaf + first.Authority, first.Key, """{"tags":{"team":"a"}}"""), Stop);
        await push.PushAsync(AwsSetUp.PushPair("shop", first.Leaf + first.Authority, first.Key, """{"tags":{"team":"b"}}"""), Stop);
        Assert.Equal(1, Calls("ImportCertificate"));
        Assert.Equal("b", await source.TextAsync(new("shop", "team", FetchMetadata: true)));
        await push.PushAsync(AwsSetUp.PushPair("shop", second.Leaf, second.Key), Stop);
        Assert.True(await push.ExistsAsync(new("shop", null), Stop));
        Assert.Contains("cannot be exported", (await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("shop")))).Message, StringComparison.Ordinal);
        await push.DeleteAsync(new("shop", null), Stop);
        Assert.False(await push.ExistsAsync(new("shop", null), Stop));
        Assert.Null(await source.TextAsync(new("shop")));
        await push.DeleteAsync(new("shop", null), Stop);
    }

    [Fact]
    public async Task A_certificate_that_may_be_exported_is_read_with_its_key()
    {
        await using var source = await OpenAsync("CertificateManager");
        using var secret = await source.FetchAsync(source.RequestFor(new(await IssueAsync())), Stop);
        var (certificates, key) = (Encoding.UTF8.GetString(secret!.Value("tls.crt")!), Encoding.UTF8.GetString(secret.Value("tls.key")!));
        Assert.Equal(certificates + key, Encoding.UTF8.GetString(secret.Value(null)!));
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", key, StringComparison.Ordinal);
        // Fails when the key is another's.
        using var pair = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(certificates, key);
    }

    [Fact]
    public async Task Roles_are_assumed_by_key_and_by_token()
    {
        var role = "arn:aws:iam::123456789012:role/" + own;
        Allow(role);
        await using var chained = await OpenAsync("SecretsManager", options => options["role"] = role);
        Assert.Null(await chained.TextAsync(new(Key("SecretsManager", "absent"))));
        cluster.Annotate("team-a", "reader", new Dictionary<string, string> { ["eks.amazonaws.com/role-arn"] = role });
        await using var federated = await OpenAsync("SecretsManager", options => options["auth"] = JsonNode.Parse("""{"jwt":{"serviceAccountRef":{"name":"reader"}}}"""));
        Assert.Null(await federated.TextAsync(new(Key("SecretsManager", "absent"))));
    }

    [Fact]
    public async Task Generators_give_logins()
    {
        using var ecr = await GenerateAsync(new EcrGenerator(Variable));
        Assert.Equal(["expires_at", "password", "proxy_endpoint", "username"], ecr.Values.Keys);
        using var sts = await GenerateAsync(new StsGenerator(Variable));
        Assert.Equal(["access_key_id", "expiration", "secret_access_key", "session_token"], sts.Values.Keys);
    }

    private protected abstract Task<Uri> StartAsync();

    /// <summary>A certificate of AWS's own making that may be exported.</summary>
    private protected abstract Task<string> IssueAsync();

    /// <summary>Lets a role be assumed, where somebody looks.</summary>
    private protected virtual void Allow(string role)
    {
    }

    private string Key(string service, string name) => service == "ParameterStore" ? $"/{own}/{name}" : $"{own}/{name}";

    private int Calls(string operation) => calls.Calls.Count(call => call.Operation == operation);

    private string? Variable(string name) => name == "AWS_ENDPOINT_URL" ? address.ToString() : null;

    private async Task<ISecretSource> OpenAsync(string service, Action<JsonObject>? change = null)
    {
        var options = new JsonObject { ["service"] = service, ["region"] = "eu-west-1", ["auth"] = JsonNode.Parse(AwsSetUp.Keys) };
        change?.Invoke(options);
        var store = new StoreDescription("SecretStore", "aws", "team-a", JsonSerializer.SerializeToElement(options));
        return await new AwsProvider(Variable).OpenAsync(new StoreContext(store, cluster, new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), calls, null, TimeProvider.System), Stop);
    }

    private async Task<Generated> GenerateAsync(IGenerator generator)
    {
        var spec = JsonDocument.Parse($$"""{"region":"eu-west-1","auth":{{AwsSetUp.Keys}}}""").RootElement;
        using var random = System.Security.Cryptography.RandomNumberGenerator.Create();
        return await generator.GenerateAsync(new("team-a", spec, cluster, new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), new CallLog(), TimeProvider.System, random), Stop);
    }
}
