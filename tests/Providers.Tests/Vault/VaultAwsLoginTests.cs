using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Aws.Simulator;
using GitOpsSecrets.Providers.Vault;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Vault;

public sealed class VaultAwsLoginTests
{
    private const string Keys = "\"secretRef\":{\"accessKeyIDSecretRef\":{\"name\":\"aws\",\"key\":\"id\"},\"secretAccessKeySecretRef\":{\"name\":\"aws\",\"key\":\"secret\"}}";

    [Theory]
    [InlineData("us-east-1", "https://sts.amazonaws.com/")]
    [InlineData("eu-central-1", "https://sts.eu-central-1.amazonaws.com/")]
    public async Task An_AWS_identity_logs_in_by_a_signed_question_who_it_is(string region, string address)
    {
        await using var set = await VaultSetUp.MakeAsync();
        set.Vault.Put("secret/app", """{"a":"1"}""");
        set.Vault.Accept("auth/cloud/login", null);
        set.Cluster.Put("team-a", "aws", "id", "AKIATEST");
        set.Cluster.Put("team-a", "aws", "secret", "secret-of-the-test");
        await using var source = await set.OpenWithAsync($$$"""{"iam":{"path":"cloud","region":"{{{region}}}","vaultRole":"reader","vaultAwsIamServerID":"vault.example.com",{{{Keys}}}}}""");
        Assert.Equal("1", await source.TextAsync(new("app", "a")));

        var login = set.Vault.Seen.Single(seen => seen.Path.EndsWith("auth/cloud/login", StringComparison.Ordinal)).Body!;
        Assert.Equal(("reader", "POST", address), ((string)login["role"]!, (string)login["iam_http_request_method"]!, Text(login, "iam_request_url")));
        var body = Text(login, "iam_request_body");
        Assert.Equal("Action=GetCallerIdentity&Version=2011-06-15", body);
        var headers = JsonNode.Parse(Text(login, "iam_request_headers"))!.AsObject();
        Assert.Equal("vault.example.com", (string?)headers["x-vault-aws-iam-server-id"]);
        Assert.Equal(new Uri(address).Host, (string?)headers["host"]);
        Assert.Equal(SignatureOf(headers, body, region), ((string)headers["authorization"]!).Split("Signature=")[1]);
        Assert.DoesNotContain("secret-of-the-test", login.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_is_assumed_before()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var aws = await AwsSimulator.StartAsync(time);
        aws.AddKey("AKIATEST", "secret-of-the-test");
        aws.Roles["arn:aws:iam::123456789012:role/vault"] = "outside";
        var cluster = new MemoryCluster("team-a");
        cluster.Put("team-a", "aws", "id", "AKIATEST");
        cluster.Put("team-a", "aws", "secret", "secret-of-the-test");
        var context = new StoreContext(new("SecretStore", "vault", "team-a", default), cluster, new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), new CallLog(), null, time);
        var login = new VaultAwsLogin(context, new(name => name == "AWS_STS_ENDPOINT" ? aws.Address.ToString() : null));
        var iam = JsonSerializer.Deserialize($$$"""{"iam":{"vaultRole":"r","role":"arn:aws:iam::123456789012:role/vault","externalID":"outside",{{{Keys}}}}}""", Api.ExternalSecrets.Stores.VaultStoreJson.Default.VaultAuth)!.Iam!;
        var fields = await login.FieldsAsync(iam, TestContext.Current.CancellationToken);
        var headers = JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(fields["iam_request_headers"])))!.AsObject();
        Assert.Contains("Credential=ASIA1/", (string?)headers["authorization"], StringComparison.Ordinal);
        Assert.Equal("session-token-1", (string?)headers["x-amz-security-token"]);
    }

    private static string Text(JsonObject login, string field) => Encoding.UTF8.GetString(Convert.FromBase64String((string)login[field]!));

    /// <summary>As AWS would compute it from what Vault sends.</summary>
    private static string SignatureOf(JsonObject headers, string body, string region)
    {
        var authorization = (string)headers["authorization"]!;
        var names = authorization.Split("SignedHeaders=")[1].Split(',')[0];
        var canonical = $"POST\n/\n\n{string.Concat(names.Split(';').Select(name => $"{name}:{headers[name]}\n"))}\n{names}\n{Hash(body)}";
        var date = (string)headers["x-amz-date"]!;
        var scope = $"{date[..8]}/{region}/sts/aws4_request";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4secret-of-the-test"), (part, next) => HMACSHA256.HashData(part, Encoding.UTF8.GetBytes(next)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hash(canonical)}")));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
