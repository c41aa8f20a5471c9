using System.Reflection;
using System.Text.Json.Nodes;
using Amazon.Runtime.Internal;
using GitOpsSecrets.Providers.Tests.Aws.Simulator;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Aws;

/// <summary>As whom AWS is asked, and how often somebody logs in for it.</summary>
public sealed class AwsLoginTests
{
    private const string Role = "arn:aws:iam::123456789012:role/app";
    private const string First = "arn:aws:iam::123456789012:role/first";

    [Fact]
    public async Task Keys_from_Secrets_sign_and_a_session_token_goes_along()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v");
        set.Aws.AddKey("ASIATEMP", "temporary", "token-of-the-session");
        set.Cluster.Put("team-a", "temp", "id", "ASIATEMP");
        set.Cluster.Put("team-a", "temp", "secret", "temporary");
        set.Cluster.Put("team-a", "temp", "token", "token-of-the-session");
        await using var source = await set.OpenAsync(options => options["auth"] = JsonNode.Parse("""
            {"secretRef":{"accessKeyIDSecretRef":{"name":"temp","key":"id"},"secretAccessKeySecretRef":{"name":"temp","key":"secret"},"sessionTokenSecretRef":{"name":"temp","key":"token"}}}
            """));
        Assert.Equal("v", await source.TextAsync(new("app")));
        Assert.Equal(("ASIATEMP", "eu-west-1", "secretsmanager"), set.Aws.Seen.Select(seen => (seen.AccessKeyId!, seen.Region, seen.Service)).Single());
    }

    [Fact]
    public async Task A_service_account_gets_the_role_that_it_is_annotated_with()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v");
        set.Aws.Roles[Role] = null;
        set.Cluster.Annotate("team-a", "reader", new Dictionary<string, string> { ["eks.amazonaws.com/role-arn"] = Role });
        await using var source = await set.OpenAsync(options => options["auth"] = JsonNode.Parse("""{"jwt":{"serviceAccountRef":{"name":"reader","audiences":["more"]}}}"""));
        Assert.Equal("v", await source.TextAsync(new("app")));
        var login = Assert.Single(set.Aws.Seen, seen => seen.Operation == "AssumeRoleWithWebIdentity");
        Assert.Null(login.AccessKeyId);
        Assert.Equal("token of team-a/reader for sts.amazonaws.com,more lasting 600 s", (string?)login.Body["WebIdentityToken"]);
        Assert.Equal("external-secrets-provider-aws", (string?)login.Body["RoleSessionName"]);
    }

    [Fact]
    public async Task The_audience_is_that_of_the_annotation()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v");
        set.Aws.Roles[Role] = null;
        set.Cluster.Annotate("team-a", "reader", new Dictionary<string, string> { ["eks.amazonaws.com/role-arn"] = Role, ["eks.amazonaws.com/audience"] = "mine" });
        await using var source = await set.OpenAsync(options => options["auth"] = JsonNode.Parse("""{"jwt":{"serviceAccountRef":{"name":"reader"}}}"""));
        Assert.Equal("v", await source.TextAsync(new("app")));
        Assert.Contains("for mine lasting", set.Aws.Calls("AssumeRoleWithWebIdentity").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_account_without_a_role_is_told_the_annotation()
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = await set.OpenAsync(options => options["auth"] = JsonNode.Parse("""{"jwt":{"serviceAccountRef":{"name":"nobody"}}}"""));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Contains("eks.amazonaws.com/role-arn", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tags_go_along_where_no_policy_makes_them()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Roles[Role] = null;
        await using var source = await set.OpenAsync(options =>
        {
            options["role"] = Role;
            options["sessionTags"] = JsonNode.Parse("""[{"key":"team","value":"a"}]""");
        });
        await source.TextAsync(new("app"));
        Assert.Equal(["team", "a"], set.Aws.Seen.First().Body.Where(field => field.Key.StartsWith("Tags.", StringComparison.Ordinal)).Select(field => (string)field.Value!));
    }

    [Fact]
    public async Task Roles_are_assumed_one_as_the_other_and_only_the_last_has_external_id_and_tags()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v");
        set.Aws.Roles[First] = null;
        set.Aws.Roles[Role] = "of the partner";
        await using var source = await set.OpenAsync(options =>
        {
            options["additionalRoles"] = new JsonArray(First);
            options["role"] = Role;
            options["externalID"] = "of the partner";
            options["sessionTags"] = JsonNode.Parse("""[{"key":"team","value":"a"}]""");
            options["transitiveTagKeys"] = new JsonArray("cost");
            options["sessionTagsPolicy"] = "Custom";
            options["customSessionTags"] = new JsonObject { ["cost"] = "1" };
        });
        Assert.Equal("v", await source.TextAsync(new("app")));
        Assert.Equal(["AKIATEST", "ASIA1", "ASIA2"], set.Aws.Seen.Select(seen => seen.AccessKeyId));
        var (first, last) = (set.Aws.Seen.First().Body, set.Aws.Seen.ElementAt(1).Body);
        Assert.Equal([First, null], [(string?)first["RoleArn"], (string?)first["ExternalId"]]);
        Assert.Equal(
            ["of the partner", Role, "cost", "1", "esoNamespace", "team-a", "esoStoreKind", "SecretStore", "esoStoreName", "aws", "cost"],
            last.Where(field => field.Key is not ("Action" or "Version" or "RoleSessionName")).Select(field => (string)field.Value!));
    }

    [Fact]
    public async Task A_role_that_may_not_be_assumed_is_denied_without_a_request_id()
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = await set.OpenAsync(options => options["role"] = Role);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Equal(ProviderFailureKind.Denied, failure.Kind);
        Assert.Equal("AWS/STS, asked to AssumeRole, gave error AccessDenied: not authorized to perform: sts:AssumeRole", failure.Message);
    }

    [Fact]
    public async Task One_login_serves_all_calls_until_shortly_before_it_ends()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v");
        set.Aws.Roles[Role] = null;
        await using var source = await set.OpenAsync(options => options["role"] = Role);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => source.TextAsync(new("app"))));
        set.Time.Advance(TimeSpan.FromMinutes(54));
        await source.TextAsync(new("app"));
        Assert.Single(set.Aws.Calls("AssumeRole"));
        set.Time.Advance(TimeSpan.FromMinutes(1));
        await source.TextAsync(new("app"));
        Assert.Equal(2, set.Aws.Calls("AssumeRole").Count);
    }

    [Fact]
    public async Task Credentials_that_AWS_does_not_take_any_more_are_replaced_once()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v");
        set.Aws.Roles[Role] = null;
        await using var source = await set.OpenAsync(options => options["role"] = Role);
        await source.TextAsync(new("app"));
        set.Aws.RemoveKey("ASIA1");
        Assert.Equal("v", await source.TextAsync(new("app")));
        Assert.Equal(2, set.Aws.Calls("AssumeRole").Count);
        set.Aws.RemoveKey("AKIATEST");
        set.Aws.RemoveKey("ASIA2");
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Equal(ProviderFailureKind.Denied, failure.Kind);
        Assert.DoesNotContain("Credential=", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_goes_wrong_is_set_right()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v");
        await using var source = await set.OpenAsync();
        set.Aws.ClockAhead = TimeSpan.FromHours(2);
        Assert.Equal("v", await source.TextAsync(new("app")));
    }

    [Fact]
    public async Task Without_auth_the_controllers_own_keys_count()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v");
        set.Aws.AddKey("AKIAOWN", "own");
        (set.Variables["AWS_ACCESS_KEY_ID"], set.Variables["AWS_SECRET_ACCESS_KEY"]) = ("AKIAOWN", "own");
        await using var source = await set.OpenAsync(options => options.Remove("auth"));
        Assert.Equal("v", await source.TextAsync(new("app")));
        Assert.Equal("AKIAOWN", set.Aws.Seen.Single().AccessKeyId);
    }

    [Fact]
    public async Task Without_auth_the_controllers_web_identity_counts()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v");
        set.Aws.Roles[Role] = null;
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "token of the pod", TestContext.Current.CancellationToken);
            (set.Variables["AWS_WEB_IDENTITY_TOKEN_FILE"], set.Variables["AWS_ROLE_ARN"]) = (file, Role);
            await using var source = await set.OpenAsync(options => options.Remove("auth"));
            Assert.Equal("v", await source.TextAsync(new("app")));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Without_auth_the_agent_of_pod_identity_counts()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v");
        set.Aws.AddKey("ASIAPOD", "of-the-pod", "token-of-the-pod");
        var asked = "";
        await using var agent = await LoopbackServer.StartAsync(context =>
        {
            asked = context.Request.Headers.Authorization.ToString();
            return context.Response.WriteAsync("""{"AccessKeyId":"ASIAPOD","SecretAccessKey":"of-the-pod","Token":"token-of-the-pod","Expiration":"2026-01-01T06:00:00Z"}""");
        });
        (set.Variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"], set.Variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"]) = (agent.Address + "v1/credentials", "who-I-am");
        await using var source = await set.OpenAsync(options => options.Remove("auth"));
        Assert.Equal("v", await source.TextAsync(new("app")));
        Assert.Equal("who-I-am", asked);
    }

    /// <summary>The last links are the SDK's, which reads the process's own environment, and what it finds it keeps: nothing else in these tests asks it.</summary>
    [Fact]
    public async Task Without_auth_the_instance_profile_counts_at_last()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v");
        set.Aws.AddKey("ASIAINSTANCE", "of-the-instance", "token-of-the-instance");
        await using var machine = await LoopbackServer.StartAsync(context => context.Response.WriteAsync(context.Request.Path.Value switch
        {
            "/latest/api/token" => "token-of-the-metadata",
            var path when path!.EndsWith("/node", StringComparison.Ordinal) =>
                """{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"ASIAINSTANCE","SecretAccessKey":"of-the-instance","Token":"token-of-the-instance","Expiration":"2099-01-01T00:00:00Z","LastUpdated":"2026-01-01T00:00:00Z"}""",
            _ => "node",
        }));
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_SERVICE_ENDPOINT", machine.Address.ToString().TrimEnd('/'));
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials");
        // It reads them once, with the first client of a service.
        FallbackInternalConfigurationFactory.Reset();
        try
        {
            await using var source = await set.OpenAsync(options => options.Remove("auth"));
            Assert.Equal("v", await source.TextAsync(new("app")));
            Assert.Equal("ASIAINSTANCE", set.Aws.Seen.Single().AccessKeyId);
        }
        finally
        {
            Environment.SetEnvironmentVariable("AWS_EC2_METADATA_SERVICE_ENDPOINT", null);
            Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", null);
            FallbackInternalConfigurationFactory.Reset();
        }
    }

    [Fact]
    public async Task An_endpoint_may_have_a_path()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v");
        set.Aws.Parameters.Put("/app", "w");
        set.Aws.Roles[Role] = null;
        foreach (var name in (string[])["AWS_SECRETSMANAGER_ENDPOINT", "AWS_SSM_ENDPOINT", "AWS_STS_ENDPOINT"]) set.Variables[name] = set.Aws.Address + "of/aws";
        await using var secrets = await set.OpenAsync(options => options["role"] = Role);
        await using var parameters = await set.OpenParametersAsync(options => options["role"] = Role);
        Assert.Equal(["v", "w"], [await secrets.TextAsync(new("app")), await parameters.TextAsync(new("/app"))]);
    }

    /// <summary>The SDK would refuse an endpoint that is named, look for another, ask the machine where it is, or try again and again.</summary>
    [Fact]
    public async Task What_the_process_says_to_the_SDK_changes_no_call()
    {
        var variables = new Dictionary<string, string>
        {
            ["AWS_USE_FIPS_ENDPOINT"] = "true",
            ["AWS_USE_DUALSTACK_ENDPOINT"] = "true",
            ["AWS_DEFAULTS_MODE"] = "auto",
            ["AWS_RETRY_MODE"] = "adaptive",
            ["AWS_MAX_ATTEMPTS"] = "5",
            ["AWS_ENDPOINT_URL_STS"] = "http://127.0.0.1:1",
        };
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v");
        set.Aws.Parameters.Put("/app", "w");
        set.Aws.Roles[Role] = null;
        try
        {
            foreach (var (name, value) in variables) Environment.SetEnvironmentVariable(name, value);
            FallbackInternalConfigurationFactory.Reset();
            await using var secrets = await set.OpenAsync(options => options["role"] = Role);
            await using var parameters = await set.OpenParametersAsync(options => options["role"] = Role);
            Assert.Equal(["v", "w"], [await secrets.TextAsync(new("app")), await parameters.TextAsync(new("/app"))]);
            set.Aws.Refuse = _ => new AwsSimulatedException("InternalServiceError", status: 500);
            await Assert.ThrowsAsync<ProviderException>(() => secrets.TextAsync(new("app")));
            await Assert.ThrowsAsync<ProviderException>(() => parameters.TextAsync(new("/app")));
            Assert.Equal(["AssumeRole", "GetSecretValue", "AssumeRole", "GetParameter", "GetSecretValue", "GetParameter"], set.Aws.Seen.Select(seen => seen.Operation));
        }
        finally
        {
            foreach (var name in variables.Keys) Environment.SetEnvironmentVariable(name, null);
            FallbackInternalConfigurationFactory.Reset();
        }
    }

    /// <summary>A file that cannot be parsed ends whatever asks the SDK for a setting, and for as long as the process lives.</summary>
    [Fact]
    public async Task A_store_with_an_identity_of_its_own_asks_the_SDK_for_no_setting_of_a_profile()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v");
        set.Aws.Parameters.Put("/app", "w");
        set.Aws.Roles[Role] = null;
        typeof(FallbackInternalConfigurationFactory).GetField("_cachedConfiguration", BindingFlags.Static | BindingFlags.NonPublic)!.SetValue(null, null);
        try
        {
            await using var secrets = await set.OpenAsync(options => options["role"] = Role);
            await using var parameters = await set.OpenParametersAsync(options => options["role"] = Role);
            Assert.Equal(["v", "w"], [await secrets.TextAsync(new("app")), await parameters.TextAsync(new("/app"))]);
        }
        finally
        {
            FallbackInternalConfigurationFactory.Reset();
        }
    }

    [Theory]
    [InlineData("[default]\nregion = eu-west-1\n", "", "no AWS credentials are named, and there are none here")]
    [InlineData("[default]\nof-the-test\n", "", "no AWS credentials are named, and there are none here")]
    [InlineData("[default]\nsso_session = nobody\nsso_account_id = 1\nsso_role_name = of-the-test\n", "", "AWS")]
    [InlineData("[a]\nrole_arn = arn:aws:iam::123456789012:role/app\nweb_identity_token_file = /nowhere/of-the-test\n", "a", "AWS")]
    [InlineData("", "absent", "the controller's AWS profile absent (AWS_PROFILE) is in none of its files")]
    public async Task A_profile_of_the_controller_that_gives_no_credentials_is_told_for_what_it_is(string content, string profile, string problem)
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        var variables = new Dictionary<string, string> { ["AWS_SHARED_CREDENTIALS_FILE"] = file, ["AWS_EC2_METADATA_DISABLED"] = "true", ["AWS_PROFILE"] = profile };
        try
        {
            foreach (var (name, value) in variables) Environment.SetEnvironmentVariable(name, value);
            await using var source = await set.OpenAsync(options => options.Remove("auth"));
            var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
            Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("of-the-test", failure.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("one of AWS?", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var name in variables.Keys) Environment.SetEnvironmentVariable(name, null);
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_file_of_the_environment_that_cannot_be_read_is_told_by_its_variable()
    {
        await using var set = await AwsSetUp.MakeAsync();
        (set.Variables["AWS_WEB_IDENTITY_TOKEN_FILE"], set.Variables["AWS_ROLE_ARN"]) = ("/nowhere/token", Role);
        await using var source = await set.OpenAsync(options => options.Remove("auth"));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Equal((ProviderFailureKind.Invalid, true), (failure.Kind, failure.Message.Contains("AWS_WEB_IDENTITY_TOKEN_FILE", StringComparison.Ordinal)));
        set.Variables["AWS_CA_BUNDLE"] = "/nowhere/ca.crt";
        Assert.Contains("AWS_CA_BUNDLE", (await Assert.ThrowsAsync<ProviderException>(() => set.OpenAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Container_credentials_are_not_asked_of_anybody_in_clear()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://example.com/credentials";
        await using var source = await set.OpenAsync(options => options.Remove("auth"));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
    }

    [Fact]
    public async Task A_store_is_validated_by_logging_in()
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var good = await set.OpenAsync();
        Assert.Equal(StoreValidityKind.Valid, (await ((IValidate)good).ValidateAsync(TestContext.Current.CancellationToken)).Kind);
        await using var bad = await set.OpenAsync(options => options["role"] = Role);
        Assert.Equal(StoreValidityKind.Invalid, (await ((IValidate)bad).ValidateAsync(TestContext.Current.CancellationToken)).Kind);
    }
}
