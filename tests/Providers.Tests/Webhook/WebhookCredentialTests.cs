using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Http;

namespace GitOpsSecrets.Providers.Tests.Webhook;

public sealed class WebhookCredentialTests
{
    private static readonly JsonArray Secrets = [new JsonObject { ["name"] = "login", ["secretRef"] = new JsonObject { ["name"] = "api" } }];

    [Fact]
    public async Task A_marked_Secret_is_there_for_templates()
    {
        await using var set = await WebhookSetUp.MakeAsync("fine");
        set.Cluster.Put("team-a", "api", "token", "t0ken/+");
        set.Cluster.Label("team-a", "api", "external-secrets.io/type", "webhook");
        await using var source = await set.OpenAsync("/?t={{ .login.token }}", options =>
        {
            options["secrets"] = Secrets.DeepClone();
            options["headers"] = new JsonObject { ["Authorization"] = "Bearer {{ .login.token }}" };
        });
        await source.TextAsync(new("any"));
        var seen = Assert.Single(set.Seen);
        Assert.Equal(("/?t=t0ken/+", "Bearer t0ken/+"), (seen.Target, seen.Headers["Authorization"]));
    }

    [Fact]
    public async Task NTLM_proves_the_password_without_sending_it_and_a_wrong_one_is_refused()
    {
        await using var server = await NtlmServer.StartAsync("CORP", "app", "s3cret");
        await using var set = await WebhookSetUp.MakeAsync();
        set.Cluster.Label("team-a", "ntlm", "external-secrets.io/type", "webhook");
        set.Cluster.Put("team-a", "ntlm", "user", "CORP\\app");
        set.Cluster.Put("team-a", "ntlm", "right", "s3cret");
        set.Cluster.Put("team-a", "ntlm", "wrong", "secret");
        foreach (var (key, isLetIn) in ((string Key, bool IsLetIn)[])[("right", true), ("wrong", false)])
        {
            await using var source = await set.OpenAsync("/", options =>
            {
                options["url"] = server.Address.ToString();
                options["auth"] = new JsonObject { ["ntlm"] = new JsonObject { ["usernameSecret"] = Selector("user"), ["passwordSecret"] = Selector(key) } };
            });
            if (isLetIn) Assert.Equal("let in", await source.TextAsync(new("any")));
            else Assert.Equal(ProviderFailureKind.Denied, (await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("any")))).Kind);
        }

        static JsonObject Selector(string key) => new() { ["name"] = "ntlm", ["key"] = key };
    }

    /// <summary>The original forgot whom to trust as soon as NTLM was asked for.</summary>
    [Fact]
    public async Task NTLM_goes_over_TLS_to_a_server_of_the_authority_that_the_store_names_and_to_no_other()
    {
        using var certificates = new TestCertificates();
        using var strangers = new TestCertificates();
        using var certificate = certificates.Issue("127.0.0.1");
        await using var server = await NtlmServer.StartAsync("CORP", "app", "s3cret", certificate);
        await using var set = await WebhookSetUp.MakeAsync();
        set.Cluster.Label("team-a", "ntlm", "external-secrets.io/type", "webhook");
        set.Cluster.Put("team-a", "ntlm", "user", "CORP\\app");
        set.Cluster.Put("team-a", "ntlm", "password", "s3cret");
        set.Cluster.Put("team-a", "authority", "ca.crt", certificates.Pem);
        await using var bundled = await OpenAsync(options => options["caBundle"] = Base64(certificates));
        Assert.Equal("let in", await bundled.TextAsync(new("any")));
        await using var named = await OpenAsync(options => options["caProvider"] = new JsonObject { ["type"] = "Secret", ["name"] = "authority", ["key"] = "ca.crt" });
        Assert.Equal("let in", await named.TextAsync(new("any")));
        await using var other = await OpenAsync(options => options["caBundle"] = Base64(strangers));
        await Assert.ThrowsAsync<ProviderException>(() => other.TextAsync(new("any")));

        Task<ISecretSource> OpenAsync(Action<JsonObject> trust) => set.OpenAsync("/", options =>
        {
            options["url"] = server.Address.ToString();
            options["auth"] = new JsonObject { ["ntlm"] = new JsonObject { ["usernameSecret"] = Selector("user"), ["passwordSecret"] = Selector("password") } };
            trust(options);
        });

        static JsonObject Selector(string key) => new() { ["name"] = "ntlm", ["key"] = key };
        static string Base64(TestCertificates authority) => Convert.ToBase64String(Encoding.UTF8.GetBytes(authority.Pem));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("other")]
    public async Task A_Secret_without_the_mark_is_refused(string? mark)
    {
        await using var set = await WebhookSetUp.MakeAsync();
        set.Cluster.Put("team-a", "api", "token", "t");
        if (mark is not null) set.Cluster.Label("team-a", "api", "external-secrets.io/type", mark);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => set.OpenAsync("/", options => options["secrets"] = Secrets.DeepClone()));
        Assert.Equal(ProviderFailureKind.Denied, failure.Kind);
        Assert.Contains("does not contain needed label 'external-secrets.io/type: webhook'", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>.invalid is a name that never resolves.</summary>
    [Theory]
    [InlineData("http://{{ .login.token }}.invalid/", null, "the name of http://(a host from a Secret) cannot be resolved")]
    [InlineData("http://{{ .login.token | upper }}.invalid:81/", null, "the name of http://(a host from a Secret) cannot be resolved")]
    [InlineData("http://x.invalid/{{ .login.token }}", null, "the name of http://x.invalid cannot be resolved")]
    [InlineData("", "$.{{ .login.token }}", "the answer has nothing where the JSON path leads (its text is withheld, as a value of a Secret has gone into it)")]
    [InlineData("", "$[{{ .login.token }}", "the JSON path is none (its text is withheld, as a value of a Secret has gone into it)")]
    [InlineData("", "$.{{ .remoteRef.key }}", "the answer has nothing at .any of the JSON path")]
    public async Task What_a_Secret_put_into_the_host_or_the_path_is_not_told(string url, string? path, string expected)
    {
        await using var set = await WebhookSetUp.MakeAsync("{}");
        set.Cluster.Put("team-a", "api", "token", "s3cret");
        set.Cluster.Label("team-a", "api", "external-secrets.io/type", "webhook");
        await using var source = await set.OpenAsync("/", options =>
        {
            if (url.Length > 0) options["url"] = url;
            options["secrets"] = Secrets.DeepClone();
            options["result"] = path is null ? null : new JsonObject { ["jsonPath"] = path };
        });
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("any")));
        Assert.Equal(expected, failure.Message);
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_line_break_cannot_become_another_header()
    {
        await using var set = await WebhookSetUp.MakeAsync("fine");
        await using var source = await set.OpenAsync("/", options => options["headers"] = new JsonObject { ["X-Key"] = "{{ .remoteRef.key }}" });
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("a\r\nX-Admin: yes")));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Empty(set.Seen);
    }

    [Fact]
    public async Task What_a_template_says_of_a_secret_is_not_repeated()
    {
        await using var set = await WebhookSetUp.MakeAsync("fine");
        set.Cluster.Put("team-a", "api", "token", "a-password");
        set.Cluster.Label("team-a", "api", "external-secrets.io/type", "webhook");
        await using var source = await set.OpenAsync("/", options =>
        {
            options["secrets"] = Secrets.DeepClone();
            options["body"] = "{{ fail .login.token }}";
        });
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("any")));
        Assert.DoesNotContain("a-password", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("spec.provider.webhook.body", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_metadata_address_is_not_called()
    {
        await using var set = await WebhookSetUp.MakeAsync();
        await using var source = await set.OpenAsync("/", options => options["url"] = "http://169.254.169.254/{{ .remoteRef.key }}");
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("any")));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Equal(StoreValidityKind.Unknown, (await ((IValidate)source).ValidateAsync(TestContext.Current.CancellationToken)).Kind);
    }

    [Theory]
    [InlineData("/{{ .remoteRef.key }}", StoreValidityKind.Valid)]
    [InlineData("", StoreValidityKind.Valid)]
    [InlineData("http://{{ .remoteRef.key }}.example/", StoreValidityKind.Unknown)]
    public async Task A_store_is_valid_when_something_listens(string url, StoreValidityKind expected)
    {
        await using var set = await WebhookSetUp.MakeAsync();
        await using var source = await set.OpenAsync("/", options => options["url"] = url.StartsWith("http", StringComparison.Ordinal) ? url : set.Server.Address.ToString().TrimEnd('/') + url);
        Assert.Equal(expected, (await ((IValidate)source).ValidateAsync(TestContext.Current.CancellationToken)).Kind);
        Assert.Empty(set.Seen);
    }

    [Fact]
    public async Task A_store_where_nothing_listens_is_invalid()
    {
        var set = await WebhookSetUp.MakeAsync();
        await using var source = await set.OpenAsync("/");
        await set.DisposeAsync();
        Assert.Equal(StoreValidityKind.Invalid, (await ((IValidate)source).ValidateAsync(TestContext.Current.CancellationToken)).Kind);
    }
}
