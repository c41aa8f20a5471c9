using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Google;

/// <summary>Application default credentials: every type of file that gcloud writes, and where it is looked for.</summary>
public sealed class GoogleDefaultLoginTests : IAsyncLifetime
{
    private const string Impersonation = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/" + GoogleSetUp.Email + ":generateAccessToken";
    private static readonly JsonObject User = new() { ["type"] = "authorized_user", ["client_id"] = "gcloud", ["client_secret"] = "of-gcloud", ["refresh_token"] = "1//of-the-user" };
    private readonly string folder = Directory.CreateTempSubdirectory("google-").FullName;
    private IReadOnlyDictionary<string, string> form = new Dictionary<string, string>();
    private GoogleSetUp set = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        set = await GoogleSetUp.MakeAsync();
        set.Put("db", "value");
        set.Variables["CLOUDSDK_AUTH_TOKEN_HOST"] = new Uri(set.Google.Address, "token").ToString();
        set.Google.Accepts = fields => (form = fields) is not null;
    }

    public async ValueTask DisposeAsync()
    {
        await set.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_users_login_is_renewed()
    {
        await ReadAsync(User);
        Assert.Equal(("refresh_token", "gcloud", "of-gcloud", "1//of-the-user"), (form["grant_type"], form["client_id"], form["client_secret"], form["refresh_token"]));
    }

    [Fact]
    public async Task A_users_login_acts_as_a_service_account()
    {
        await ReadAsync(new JsonObject { ["type"] = "impersonated_service_account", ["service_account_impersonation_url"] = Impersonation, ["source_credentials"] = User.DeepClone() });
        Assert.Equal("1//of-the-user", form["refresh_token"]);
        Assert.Equal("Bearer ya29." + GoogleSetUp.Email + ".2", Assert.Single(set.Google.To(":access")).Authorization);
    }

    [Theory]
    [InlineData("proof\n", "")]
    [InlineData("""{"jwt":"proof"}""", """,{"format":{"type":"json","subject_token_field_name":"jwt"}}""")]
    public async Task An_identity_of_another_provider_is_read_from_a_file(string content, string format)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), content, Ending);
        await ReadAsync(External(new JsonObject { ["file"] = Path.Combine(folder, "token") }, format));
        Assert.Equal(("proof", "//iam.googleapis.com/pool"), (form["subject_token"], form["audience"]));
    }

    [Fact]
    public async Task An_identity_of_another_provider_is_asked_of_its_address()
    {
        var address = $"http://{set.Google.MetadataHost}/computeMetadata/v1/identity?audience=pool";
        await ReadAsync(External(new JsonObject { ["url"] = address, ["headers"] = new JsonObject { ["Metadata-Flavor"] = "Google" } }));
        Assert.Equal("identity for pool", form["subject_token"]);
    }

    [Fact]
    public async Task Who_acts_through_others_names_them()
    {
        await ReadAsync(new JsonObject
        {
            ["type"] = "impersonated_service_account",
            ["service_account_impersonation_url"] = Impersonation,
            ["delegates"] = new JsonArray("projects/-/serviceAccounts/first@my-project.iam.gserviceaccount.com", "second@my-project.iam.gserviceaccount.com"),
            ["source_credentials"] = User.DeepClone(),
        });
        var asked = JsonNode.Parse(Assert.Single(set.Google.To("generateAccessToken")).Body)!;
        Assert.Equal(
            ["projects/-/serviceAccounts/first@my-project.iam.gserviceaccount.com", "projects/-/serviceAccounts/second@my-project.iam.gserviceaccount.com"],
            asked["delegates"]!.AsArray().Select(name => (string)name!));
        Assert.Equal("3600s", (string)asked["lifetime"]!);
    }

    [Fact]
    public async Task A_federated_identity_says_how_long_it_acts_as_a_service_account()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), "proof", Ending);
        var config = External(new JsonObject { ["file"] = Path.Combine(folder, "token") });
        config["service_account_impersonation_url"] = Impersonation;
        config["service_account_impersonation"] = new JsonObject { ["token_lifetime_seconds"] = 900 };
        await ReadAsync(config);
        Assert.Equal("900s", (string)JsonNode.Parse(Assert.Single(set.Google.To("generateAccessToken")).Body)!["lifetime"]!);
    }

    [Fact]
    public async Task A_workforce_names_the_project_that_pays()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), "proof", Ending);
        var config = External(new JsonObject { ["file"] = Path.Combine(folder, "token") });
        config["audience"] = "//iam.googleapis.com/locations/global/workforcePools/pool/providers/mine";
        config["workforce_pool_user_project"] = "1234";
        await ReadAsync(config);
        Assert.Equal("1234", (string)JsonNode.Parse(form["options"])!["userProject"]!);
    }

    [Fact]
    public async Task What_gcloud_left_in_the_users_folder_counts_where_no_variable_names_a_file()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "application_default_credentials.json"), User.ToJsonString(), Ending);
        set.Variables["CLOUDSDK_CONFIG"] = folder;
        await ReadAsync();
        Assert.Equal("gcloud", form["client_id"]);
    }

    [Theory]
    [InlineData("no JSON", "is not JSON")]
    [InlineData("""{"type":"gdch_service_account"}""", "credentials of the type \"gdch_service_account\" are not supported")]
    [InlineData("""{"type":"authorized_user","client_id":"gcloud","client_secret":"of-gcloud"}""", "the credentials of gcloud lack refresh_token")]
    [InlineData("""{"type":"impersonated_service_account","service_account_impersonation_url":"https://iam.example"}""", "service_account_impersonation_url names no service account")]
    [InlineData("""{"type":"impersonated_service_account","service_account_impersonation_url":"/serviceAccounts/a:b","source_credentials":{"type":"impersonated_service_account"}}""", "are impersonated themselves")]
    [InlineData("""{"type":"external_account","audience":"pool","credential_source":{"executable":{"command":"/bin/sh"}}}""", "of credential_source, file and url are supported")]
    [InlineData("""{"type":"external_account","audience":"pool","credential_source":{"file":"/nowhere"}}""", "/nowhere cannot be read")]
    [InlineData("""{"type":"external_account","audience":"pool","credential_source":{"environment_id":"aws1","url":"http://169.254.169.254/a"}}""", "credential_source.environment_id is not supported")]
    [InlineData("""{"type":"external_account","audience":"pool","workforce_pool_user_project":"1","credential_source":{"file":"/nowhere"}}""", "workforce_pool_user_project goes with the audience of a workforce pool only")]
    [InlineData("""{"type":"external_account","audience":"pool","service_account_impersonation":{"token_lifetime_seconds":5},"credential_source":{"file":"/nowhere"}}""", "service_account_impersonation.token_lifetime_seconds must be a number from 600 to 43200")]
    [InlineData("""{"type":"impersonated_service_account","service_account_impersonation_url":"/serviceAccounts/a:b","delegates":"a","source_credentials":{"type":"authorized_user"}}""", "delegates must be a list of service accounts")]
    [InlineData("""{"type":"external_account","audience":"pool","credential_source":{"url":"http://127.0.0.1:1","headers":{"Metadata":"true\r\nX: y"}}}""", "credential_source.headers: Metadata has no value of one line")]
    public async Task A_file_that_cannot_be_used_is_told_and_not_quoted(string content, string problem)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "key.json"), content, Ending);
        set.Variables["GOOGLE_APPLICATION_CREDENTIALS"] = Path.Combine(folder, "key.json");
        var failure = await Assert.ThrowsAsync<ProviderException>(() => ReadAsync());
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("of-gcloud", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(set.Google.Seen);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        set.Variables["GOOGLE_APPLICATION_CREDENTIALS"] = Path.Combine(folder, "absent.json");
        Assert.Contains("absent.json cannot be read", (await Assert.ThrowsAsync<ProviderException>(() => ReadAsync())).Message, StringComparison.Ordinal);
    }

    private static JsonObject External(JsonObject source, string format = "")
    {
        if (format.Length > 0) source["format"] = JsonNode.Parse(format[1..])!["format"]!.DeepClone();
        return new JsonObject
        {
            ["type"] = "external_account",
            ["audience"] = "//iam.googleapis.com/pool",
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:jwt",
            ["token_url"] = "https://sts.googleapis.com/v1/token",
            ["credential_source"] = source,
        };
    }

    private async Task ReadAsync(JsonObject? key = null)
    {
        if (key is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "key.json"), key.ToJsonString(), Ending);
            set.Variables["GOOGLE_APPLICATION_CREDENTIALS"] = Path.Combine(folder, "key.json");
        }

        await using var source = await set.OpenAsync("null");
        Assert.Equal("value", await source.TextAsync(new("db")));
    }
}
