using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Google;

/// <summary>Every way to log in to Google Cloud, and how long a login is good for.</summary>
public sealed class GoogleLoginTests : IAsyncLifetime
{
    private const string Federated = """{"workloadIdentityFederation":{"audience":"//iam.googleapis.com/pool","serviceAccountRef":{"name":"app","audiences":["google"]}}}""";
    private GoogleSetUp set = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        set = await GoogleSetUp.MakeAsync();
        set.Put("db", "value");
    }

    public ValueTask DisposeAsync() => set.DisposeAsync();

    [Fact]
    public async Task A_service_account_signs_who_it_is()
    {
        JsonNode? claims = null;
        set.Google.Accepts = form => form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer" && (claims = GoogleSetUp.Claims(form["assertion"])) is not null;
        await ReadAsync();
        Assert.Equal(GoogleSetUp.Email, (string)claims!["iss"]!);
        Assert.Equal(new Uri(set.Google.Address, "token").ToString(), (string)claims["aud"]!);
        Assert.Equal(3600, (long)claims["exp"]! - (long)claims["iat"]!);
        Assert.Equal("https://www.googleapis.com/auth/cloud-platform", (string)claims["scope"]!);
    }

    [Fact]
    public async Task One_token_serves_all_until_shortly_before_it_ends()
    {
        await using var source = await set.OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => source.TextAsync(new("db"))));
        Assert.Single(set.Google.To("/token"));
        set.Time.Advance(TimeSpan.FromMinutes(55));
        await source.TextAsync(new("db"));
        Assert.Single(set.Google.To("/token"));
        set.Time.Advance(TimeSpan.FromMinutes(2));
        await source.TextAsync(new("db"));
        Assert.Equal(2, set.Google.To("/token").Count);
    }

    [Fact]
    public async Task A_token_that_Google_forgot_is_replaced_once()
    {
        await using var source = await set.OpenAsync();
        await source.TextAsync(new("db"));
        set.Google.ForgetTokens();
        Assert.Equal("value", await source.TextAsync(new("db")));
        Assert.Equal(2, set.Google.To("/token").Count);
    }

    [Fact]
    public async Task A_key_that_was_revoked_is_denied_and_not_shown()
    {
        set.Google.Accepts = _ => false;
        var failure = await Assert.ThrowsAsync<ProviderException>(() => ReadAsync());
        Assert.Equal(ProviderFailureKind.Denied, failure.Kind);
        Assert.Contains("Invalid JWT Signature", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", failure.ToString(), StringComparison.Ordinal);
        await using var source = await set.OpenAsync();
        Assert.Equal(StoreValidityKind.Invalid, (await ((IValidate)source).ValidateAsync(Ending)).Kind);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("""{"type":"authorized_user"}""")]
    [InlineData("""{"type":"external_account","credential_source":{"file":"/var/run/secrets/kubernetes.io/serviceaccount/token"}}""")]
    [InlineData("""{"type":"service_account","client_email":"a@b","private_key":"no key"}""")]
    public async Task What_is_no_key_of_a_service_account_is_refused(string key)
    {
        set.Cluster.Put("team-a", "google", "key.json", key);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => ReadAsync());
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Empty(set.Google.Seen);
    }

    [Fact]
    public async Task Workload_identity_exchanges_a_token_of_the_cluster_and_acts_as_the_annotated_account()
    {
        IReadOnlyDictionary<string, string>? form = null;
        set.Google.Accepts = fields => (form = fields) is not null;
        set.Cluster.Annotate("team-a", "app", new Dictionary<string, string>(StringComparer.Ordinal) { ["iam.gke.io/gcp-service-account"] = GoogleSetUp.Email });
        const string Auth = """{"workloadIdentity":{"clusterProjectID":"my-project","clusterLocation":"europe-west3","clusterName":"prod","serviceAccountRef":{"name":"app","audiences":["more"]}}}""";
        await ReadAsync(Auth);
        Assert.Equal("token of team-a/app for my-project.svc.id.goog,more lasting 900 s", form!["subject_token"]);
        Assert.Equal("identitynamespace:my-project.svc.id.goog:https://container.googleapis.com/v1/projects/my-project/locations/europe-west3/clusters/prod", form["audience"]);
        Assert.Equal("Bearer ya29." + GoogleSetUp.Email + ".2", Assert.Single(set.Google.To(":access")).Authorization);
    }

    [Fact]
    public async Task Workload_identity_asks_the_metadata_server_for_what_the_store_does_not_say()
    {
        IReadOnlyDictionary<string, string>? form = null;
        set.Google.Accepts = fields => (form = fields) is not null;
        await ReadAsync("""{"workloadIdentity":{"serviceAccountRef":{"name":"app"}}}""");
        Assert.Equal("identitynamespace:machine-project.svc.id.goog:https://container.googleapis.com/v1/projects/machine-project/locations/machine-region/clusters/machine-cluster", form!["audience"]);
    }

    [Fact]
    public async Task Whom_a_federated_service_account_acts_as_is_read_at_each_login()
    {
        await using var source = await set.OpenAsync(Federated);
        set.Cluster.Annotate("team-a", "app", new Dictionary<string, string>(StringComparer.Ordinal) { ["iam.gke.io/gcp-service-account"] = GoogleSetUp.Email });
        Assert.Equal("value", await source.TextAsync(new("db")));
        Assert.Single(set.Google.To($"{GoogleSetUp.Email}:generateAccessToken"));
    }

    [Fact]
    public async Task Federation_exchanges_a_token_of_a_service_account()
    {
        IReadOnlyDictionary<string, string>? form = null;
        set.Google.Accepts = fields => (form = fields) is not null;
        await ReadAsync(Federated);
        Assert.Equal("token of team-a/app for google lasting 900 s", form!["subject_token"]);
        Assert.Equal("//iam.googleapis.com/pool", form["audience"]);
        Assert.Equal("urn:ietf:params:oauth:token-type:jwt", form["subject_token_type"]);
        Assert.Empty(set.Google.To("generateAccessToken"));
    }

    [Fact]
    public async Task Federation_proves_an_AWS_identity_by_a_signed_request()
    {
        IReadOnlyDictionary<string, string>? form = null;
        set.Google.Accepts = fields => (form = fields) is not null;
        set.Cluster.Put("team-a", "aws", "aws_access_key_id", "AKIDEXAMPLE");
        set.Cluster.Put("team-a", "aws", "aws_secret_access_key", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        set.Cluster.Put("team-a", "aws", "aws_session_token", "session");
        await ReadAsync($$$$$"""{"workloadIdentityFederation":{"audience":"//iam.googleapis.com/pool","gcpServiceAccountEmail":"{{{{{GoogleSetUp.Email}}}}}","awsSecurityCredentials":{"region":"eu-central-1","awsCredentialsSecretRef":{"name":"aws"}}}}""");
        var request = JsonNode.Parse(Uri.UnescapeDataString(form!["subject_token"]))!;
        Assert.Equal("https://sts.eu-central-1.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15", (string)request["url"]!);
        var headers = request["headers"]!.AsArray().ToDictionary(header => (string)header!["key"]!, header => (string)header!["value"]!, StringComparer.Ordinal);
        Assert.Equal("//iam.googleapis.com/pool", headers["x-goog-cloud-target-resource"]);
        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/eu-central-1/sts/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token;x-goog-cloud-target-resource, Signature=", headers["Authorization"], StringComparison.Ordinal);
        Assert.DoesNotContain("wJalr", request.ToJsonString(), StringComparison.Ordinal);
        Assert.Single(set.Google.To("generateAccessToken"));
    }

    [Theory]
    [InlineData("""{"token_url":"https://evil.example/token"}""", "token_url")]
    [InlineData("""{"service_account_impersonation_url":"https://evil.example/v1/projects/-/serviceAccounts/a@b:generateAccessToken"}""", "service_account_impersonation_url")]
    [InlineData("""{"credential_source":{"executable":{"command":"/bin/sh"}}}""", "credential_source")]
    [InlineData("""{"credential_source":{"url":"http://169.254.169.254/"}}""", "externalTokenEndpoint")]
    [InlineData("""{"credential_source":{"file":"/etc/passwd"}}""", "credential_source.file")]
    [InlineData("""{"credential_source":{"environment_id":"aws1"}}""", "awsSecurityCredentials")]
    public async Task A_credential_configuration_leads_nowhere_but_to_Google(string change, string named)
    {
        var config = new JsonObject { ["type"] = "external_account", ["audience"] = "pool", ["token_url"] = "https://sts.googleapis.com/v1/token" };
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject()) config[name] = value?.DeepClone();
        set.Cluster.PutConfigMap("team-a", "google", "config.json", config.ToJsonString());
        var failure = await Assert.ThrowsAsync<ProviderException>(() => ReadAsync("""{"workloadIdentityFederation":{"credConfig":{"name":"google","key":"config.json"}}}"""));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Empty(set.Google.Seen);
    }

    [Fact]
    public async Task A_credential_configuration_may_ask_the_address_that_the_store_names_too()
    {
        IReadOnlyDictionary<string, string>? form = null;
        set.Google.Accepts = fields => (form = fields) is not null;
        var seen = "";
        await using var idp = await LoopbackServer.StartAsync(context =>
        {
            seen = $"{context.Request.Headers["X-Tenant"]}";
            return context.Response.WriteAsync("""{"token":"proof"}""");
        });
        var config = new JsonObject
        {
            ["type"] = "external_account",
            ["audience"] = "pool",
            ["credential_source"] = JsonNode.Parse($$$"""{"url":"{{{idp.Address}}}","headers":{"X-Tenant":"a"},"format":{"type":"json","subject_token_field_name":"token"}}"""),
        };
        set.Cluster.PutConfigMap("team-a", "google", "config.json", config.ToJsonString());
        await ReadAsync($$$"""{"workloadIdentityFederation":{"credConfig":{"name":"google","key":"config.json"},"externalTokenEndpoint":"{{{idp.Address}}}"}}""");
        Assert.Equal(("proof", "a"), (form!["subject_token"], seen));
    }

    [Fact]
    public async Task A_credential_configuration_of_a_cluster_store_may_name_a_file()
    {
        IReadOnlyDictionary<string, string>? form = null;
        set.Google.Accepts = fields => (form = fields) is not null;
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "proof\n", Ending);
        set.Cluster.PutConfigMap("team-a", "google", "config.json", $$$"""{"type":"external_account","audience":"pool","credential_source":{"file":"{{{file}}}"}}""");
        await using var source = await set.OpenAsync("""{"workloadIdentityFederation":{"credConfig":{"name":"google","key":"config.json","namespace":"team-a"}}}""", @namespace: null);
        Assert.Equal("value", await source.TextAsync(new("db")));
        Assert.Equal("proof", form!["subject_token"]);
        File.Delete(file);
    }

    [Fact]
    public async Task Without_auth_the_machine_is_asked_who_it_is_and_where()
    {
        set.Google.Secret("projects/machine-project/secrets/db").Add("of the machine"u8.ToArray());
        await using var source = await set.OpenAsync("null", options => options.Remove("projectID"));
        Assert.Equal("of the machine", await source.TextAsync(new("db")));
    }

    [Fact]
    public async Task A_file_that_a_variable_names_comes_before_the_machine()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, set.KeyFile(), Ending);
        set.Variables["GOOGLE_APPLICATION_CREDENTIALS"] = file;
        await ReadAsync("null");
        Assert.Single(set.Google.To("/token"));
        Assert.Empty(set.Google.To("computeMetadata"));
        File.Delete(file);
    }

    [Fact]
    public async Task A_key_file_without_a_project_says_what_is_missing()
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(() => set.OpenAsync(change: options => options.Remove("projectID")));
        Assert.Contains("spec.provider.gcpsm.projectID", failure.Message, StringComparison.Ordinal);
    }

    private async Task ReadAsync(string? auth = null)
    {
        await using var source = await set.OpenAsync(auth);
        Assert.Equal("value", await source.TextAsync(new("db")));
    }
}
