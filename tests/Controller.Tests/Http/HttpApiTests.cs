using System.Net;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Http;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Controller.Tests.Sealed;
using GitOpsSecrets.Sealing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Http;

/// <summary>The API port through real HTTP; no Kubernetes is needed for it.</summary>
public sealed class HttpApiTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.Parse("2026-06-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
    private readonly SealingKeyStore keys = new();
    private readonly OpeningTurns turns = new();
    private readonly Metrics metrics = new("test");
    // A client that sends on while the server has already refused sees a broken connection instead of the answer.
    private readonly HttpClient http = new(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(3) });
    private HttpFront front = null!;

    public async ValueTask InitializeAsync()
    {
        var options = ControllerOptions.Load(["--listen-addr=127.0.0.1:0", "--listen-metrics-addr=127.0.0.1:0", "--rotate-rate-limit=1", "--rotate-rate-limit-burst=1"], new Dictionary<string, string>(), out _);
        var routes = new HttpRoutes(options, keys, UnsealOptions.Default, turns, () => keys.Ring.Current is not null, time);
        front = new HttpFront(options, metrics, NullLoggerFactory.Instance, time, routes.Map,
            new MetricsEndpoint(metrics, () => { }, (_, _) => Task.CompletedTask).Map);
        await front.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await front.DisposeAsync();
        http.Dispose();
        turns.Dispose();
    }

    [Fact]
    public async Task Healthz_answers_ok_before_there_is_a_key_and_readyz_after()
    {
        Assert.Equal((HttpStatusCode.OK, "text/plain; charset=utf-8", "ok\n"), await GetAsync("/healthz"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync("/readyz")).Status);
        keys.Put("a", TestKeys.Key("one"));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/readyz")).Status);
    }

    [Fact]
    public async Task The_newest_certificate_is_served_as_a_PEM_file()
    {
        Assert.Equal((HttpStatusCode.InternalServerError, "text/plain; charset=utf-8", "cannot get certificate\n"), await GetAsync("/v1/cert.pem"));
        keys.Put("old", TestKeys.Key("one", time.GetUtcNow().AddDays(-2)));
        keys.Put("new", TestKeys.Key("two", time.GetUtcNow().AddDays(-1)));
        keys.Put("older", TestKeys.Key("three", time.GetUtcNow().AddDays(-3)));
        Assert.Equal((HttpStatusCode.OK, "application/x-pem-file", TestKeys.Key("two").Certificate!.Pem), await GetAsync("/v1/cert.pem"));
    }

    [Theory]
    [InlineData("DELETE", "/healthz")]
    [InlineData("POST", "/v1/cert.pem")]
    [InlineData("GET", "/v1/verify")]
    [InlineData("PUT", "/v1/rotate")]
    public async Task Other_methods_are_refused(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(front.ApiAddress!, path));
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Theory]
    [InlineData("--listen-addr", "192.0.2.1:8080", "this machine has no such address; leave it out to listen on all of them, as :8080")]
    [InlineData("--listen-metrics-addr", "192.0.2.1:8081", "this machine has no such address; leave it out to listen on all of them, as :8080")]
    [InlineData("--listen-metrics-addr", "taken", "another program listens there; choose another port")]
    public async Task A_port_that_cannot_be_had_is_told_by_its_flag_and_with_a_remedy(string flag, string address, string remedy)
    {
        if (address == "taken") address = $"127.0.0.1:{front.ApiAddress!.Port}";
        var options = ControllerOptions.Load(["--listen-addr=127.0.0.1:0", "--listen-metrics-addr=127.0.0.1:0", $"{flag}={address}"], new Dictionary<string, string>(), out _);
        await using var other = new HttpFront(options, metrics, NullLoggerFactory.Instance, time, _ => { }, _ => { });
        var refused = await Assert.ThrowsAsync<ListenException>(() => other.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal($"{flag} {address}: {remedy}", refused.Message);
    }

    [Fact]
    public async Task Each_port_has_its_own_paths()
    {
        Assert.Equal((HttpStatusCode.NotFound, "text/plain; charset=utf-8", "404 page not found\n"), await GetAsync("/metrics"));
        using var response = await http.GetAsync(new Uri(front.MetricsAddress!, "/v1/cert.pem"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        using var measured = await http.GetAsync(new Uri(front.MetricsAddress!, "/metrics"), TestContext.Current.CancellationToken);
        Assert.Contains("sealed_secrets_controller_build_info{revision=\"test\"} 1", await measured.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_process_and_the_scrapes_are_measured_under_the_names_of_the_original()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems have other measures");
        var page = new Uri(front.MetricsAddress!, "/metrics");
        await http.GetStringAsync(page, TestContext.Current.CancellationToken);
        var lines = (await http.GetStringAsync(page, TestContext.Current.CancellationToken)).Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToList();
        double Of(string series) => double.Parse(Assert.Single(lines, line => line.StartsWith(series + " ", StringComparison.Ordinal)).Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(Of("process_resident_memory_bytes"), 1 << 20, Of("process_virtual_memory_bytes"));
        Assert.InRange(Of("process_open_fds"), 3, Of("process_max_fds"));
        Assert.True(Of("process_virtual_memory_max_bytes") >= Of("process_virtual_memory_bytes"));
        Assert.True(Of("process_cpu_seconds_total") > 0);
        Assert.InRange(Of("process_start_time_seconds"), 1.7e9, 1e11);
        Assert.Equal((1, 0, 0, 1), (Of("promhttp_metric_handler_requests_total{code=\"200\"}"), Of("promhttp_metric_handler_requests_total{code=\"500\"}"), Of("promhttp_metric_handler_requests_total{code=\"503\"}"), Of("promhttp_metric_handler_requests_in_flight")));
    }

    [Fact]
    public async Task Requests_are_counted_by_path_code_and_method_as_the_original_counts_them()
    {
        await GetAsync("/v1/cert.pem");
        keys.Put("a", TestKeys.Key("one"));
        await GetAsync("/v1/cert.pem");
        await PostAsync("/v1/verify", "{");
        await GetAsync("/invented/path");
        var measured = await http.GetStringAsync(new Uri(front.MetricsAddress!, "/metrics"), TestContext.Current.CancellationToken);
        Assert.Contains("sealed_secrets_controller_http_requests_total{path=\"/v1/cert.pem\",code=\"500\",method=\"get\"} 1\n", measured, StringComparison.Ordinal);
        Assert.Contains("sealed_secrets_controller_http_requests_total{path=\"/v1/cert.pem\",code=\"200\",method=\"get\"} 1\n", measured, StringComparison.Ordinal);
        Assert.Contains("sealed_secrets_controller_http_requests_total{path=\"/v1/verify\",code=\"500\",method=\"post\"} 1\n", measured, StringComparison.Ordinal);
        Assert.Contains("sealed_secrets_controller_http_request_duration_seconds_count{path=\"/v1/cert.pem\",method=\"get\"} 2\n", measured, StringComparison.Ordinal);
        Assert.DoesNotContain("invented", measured, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Verify_takes_JSON_and_YAML_and_says_whether_it_opens(bool yaml)
    {
        keys.Put("a", TestKeys.Key("one"));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/v1/verify", Text(TestKeys.Seal("one", "shop", "db", ("password", "hunter2")), yaml))).Status);
        var foreign = await PostAsync("/v1/verify", Text(TestKeys.Seal("two", "shop", "db", ("password", "hunter2")), yaml));
        Assert.Equal((HttpStatusCode.Conflict, "no key could decrypt secret (password)\n"), (foreign.Status, foreign.Body));
    }

    [Theory]
    [InlineData("")]
    [InlineData("kind: ConfigMap\napiVersion: v1\n")]
    [InlineData("{")]
    [InlineData("kind: SealedSecret\napiVersion: bitnami.com/v1alpha1\nspec: 5\n")]
    [InlineData("kind: SealedSecret\napiVersion: bitnami.com/v1alpha1\n---\nkind: SealedSecret\napiVersion: bitnami.com/v1alpha1\n")]
    [InlineData("[1, 2]")]
    [InlineData("kind: SealedSecret\napiVersion: bitnami.com/v1alpha1\nmetadata: {name: a, name: b}\n")]
    [InlineData("{\"kind\":\"SealedSecret\",\"apiVersion\":\"bitnami.com/v1alpha1\",\"spec\":{\"encryptedData\":{\"a\":\"\",\"a\":\"\"}}}")]
    [InlineData("a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\nf: [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]\n")]
    public async Task What_is_not_one_SealedSecret_is_an_error_with_a_reason(string body)
    {
        foreach (var path in new[] { "/v1/verify", "/v1/rotate" })
        {
            var answer = await PostAsync(path, body);
            Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
            Assert.NotEqual("", answer.Body.Trim());
        }
    }

    /// <summary>With the limits that hold there.</summary>
    [Theory]
    [InlineData("/v1/verify")]
    [InlineData("/v1/rotate")]
    public async Task An_alias_bomb_in_a_body_is_refused(string path)
    {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        var answer = await PostAsync(path, bomb);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.Contains("aliases counted", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/verify")]
    [InlineData("/v1/rotate")]
    public async Task A_body_beyond_the_limit_is_refused(string path)
    {
        var answer = await PostAsync(path, new string('#', SealedSecretBody.MaxSize + 1));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }

    [Fact]
    public async Task Rotate_seals_with_the_newest_key_and_keeps_labels_annotations_and_templates()
    {
        keys.Put("old", TestKeys.Key("one", time.GetUtcNow().AddDays(-2)));
        keys.Put("new", TestKeys.Key("two", time.GetUtcNow().AddDays(-1)));
        var original = TestKeys.Seal("one", "shop", "db", ("password", "hunter2"));
        original = original with
        {
            Metadata = original.Metadata with { Labels = new(StringComparer.Ordinal) { ["app"] = "x" } },
            Spec = original.Spec with
            {
                Template = new SecretTemplateSpec
                {
                    Metadata = new ObjectMeta { Labels = new(StringComparer.Ordinal) { ["team"] = "a" }, Annotations = new(StringComparer.Ordinal) { [SealedSecretAnnotations.Managed] = "true" } },
                    Data = new(StringComparer.Ordinal) { ["url"] = "u:{{ .password }}" },
                },
            },
        };
        var answer = await PostAsync("/v1/rotate", Text(original, yaml: false));
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.Status, answer.Type));
        var rotated = JsonSerializer.Deserialize(answer.Body, ApiJson.Compact.SealedSecret)!;
        Assert.Equal("x", rotated.Metadata.Labels!["app"]);
        Assert.Equal(JsonSerializer.Serialize(original.Spec.Template, ApiJson.Compact.SecretTemplateSpec), JsonSerializer.Serialize(rotated.Spec.Template, ApiJson.Compact.SecretTemplateSpec));
        Assert.Equal(["password"], rotated.Spec.EncryptedData!.Keys);
        using var opened = Unsealer.Unseal(rotated with { Spec = rotated.Spec with { Template = null } }, KeyRing.Of([TestKeys.Key("two")]), UnsealOptions.Default);
        Assert.Equal("hunter2", Encoding.UTF8.GetString(opened.Opened!.Secret.Data!["password"]!));
    }

    /// <summary>CVE-2026-22728: a caller who may not read the Secret asks for it under a wider scope than it was sealed for.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rotate_can_never_widen_the_scope(bool inTemplate)
    {
        keys.Put("a", TestKeys.Key("one"));
        keys.Put("b", TestKeys.Key("two", time.GetUtcNow()));
        var strict = TestKeys.Seal("one", "shop", "db", ("password", "hunter2"));
        var wide = new ObjectMeta { Namespace = "shop", Name = "db", Annotations = new(StringComparer.Ordinal) { [SealedSecretAnnotations.ClusterWide] = "true" } };
        var attack = inTemplate
            ? strict with { Spec = strict.Spec with { Template = new SecretTemplateSpec { Metadata = wide } } }
            : strict with { Metadata = wide };
        var answer = await PostAsync("/v1/rotate", Text(attack, yaml: false));
        if (answer.Status != HttpStatusCode.OK) return; // not opened at all: nothing was widened
        var rotated = JsonSerializer.Deserialize(answer.Body, ApiJson.Compact.SealedSecret)!;
        var stolen = rotated with { Metadata = wide with { Namespace = "thief", Name = "loot" }, Spec = rotated.Spec with { Template = null } };
        Assert.True(inTemplate, "an annotation on the object itself must not have opened");
        using var opened = Unsealer.Unseal(stolen, keys.Ring, UnsealOptions.Default);
        Assert.False(opened.Succeeded);
    }

    [Fact]
    public async Task Verify_is_limited_for_each_caller_behind_the_API_server()
    {
        keys.Put("a", TestKeys.Key("one"));
        var body = Text(TestKeys.Seal("one", "shop", "db", ("a", "b")), yaml: false);
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await PostAsync("/v1/verify", body, "10.0.0.1")).Status);
        var refused = await PostAsync("/v1/verify", body, "10.0.0.1");
        Assert.Equal((HttpStatusCode.TooManyRequests, "limit exceeded\n"), (refused.Status, refused.Body));
        Assert.Equal(["3", "0", "2", "1"], refused.RateHeaders);
        // What a caller writes itself stands in front of what the API server appends, and changes nothing.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync("/v1/verify", body, "1.2.3.4, 10.0.0.1")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/v1/verify", body, "10.0.0.2")).Status);
    }

    [Fact]
    public async Task Rotate_is_slowed_down_for_each_caller_and_refused_where_the_wait_would_be_long()
    {
        keys.Put("a", TestKeys.Key("one"));
        var body = Text(TestKeys.Seal("one", "shop", "db", ("a", "b")), yaml: false);
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.OK, (await PostAsync("/v1/rotate", body, "10.0.0.1")).Status);
        // One a second: ten have to wait up to ten seconds, the others would wait longer.
        var crowd = Enumerable.Range(0, 12).Select(_ => PostAsync("/v1/rotate", body, "10.0.0.1")).ToList();
        await Eventually.TrueAsync(() => crowd.Count(request => request.IsCompleted) >= 2);
        Assert.All(crowd.Where(request => request.IsCompletedSuccessfully), request => Assert.Equal((HttpStatusCode.TooManyRequests, "limit exceeded\n"), (request.Result.Status, request.Result.Body)));
        var another = PostAsync("/v1/rotate", body, "10.0.0.2");
        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromMilliseconds(100), () => another.IsCompleted && crowd.All(request => request.IsCompleted));
        Assert.Equal(HttpStatusCode.OK, (await another).Status);
        Assert.Equal(10, (await Task.WhenAll(crowd)).Count(answer => answer.Status == HttpStatusCode.OK));
    }

    [Fact]
    public async Task One_address_cannot_get_more_than_its_share_by_inventing_callers()
    {
        keys.Put("a", TestKeys.Key("one"));
        var body = Text(TestKeys.Seal("one", "shop", "db", ("a", "b")), yaml: false);
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 30; i++) answers.Add((await PostAsync("/v1/verify", body, $"10.0.1.{i}")).Status);
        Assert.Equal((2 * RateGate.AddressShare) + 1, answers.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
    }

    [Theory]
    [InlineData("/v1/verify", RateGate.ItemsOfARequest, HttpStatusCode.OK)]
    [InlineData("/v1/verify", (5 * RateGate.ItemsOfARequest) + 1, HttpStatusCode.TooManyRequests)]
    [InlineData("/v1/rotate", (20 * RateGate.ItemsOfARequest) + 1, HttpStatusCode.TooManyRequests)]
    public async Task Many_items_count_as_many_requests(string path, int items, HttpStatusCode next)
    {
        keys.Put("a", TestKeys.Key("one"));
        var one = Many(1, "one");
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(path, Text(Many(items, "one"), yaml: false), "10.0.0.1")).Status);
        Assert.Equal(next, (await PostAsync(path, Text(one, yaml: false), "10.0.0.1")).Status);
        // The address behind the API server is everybody's: the others there pay nothing.
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(path, Text(one, yaml: false), "10.0.0.2")).Status);
    }

    [Theory]
    [InlineData("/v1/verify")]
    [InlineData("/v1/rotate")]
    public async Task An_object_of_too_many_items_is_refused_with_their_number_and_the_limit(string path)
    {
        keys.Put("a", TestKeys.Key("one"));
        var many = Many(OpeningDoor.MaxItems + 1, "one");
        var refused = await PostAsync(path, Text(many, yaml: false));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, $"the SealedSecret has {OpeningDoor.MaxItems + 1} items; {OpeningDoor.MaxItems} at most are opened for a request\n"), (refused.Status, refused.Body));
    }

    [Theory]
    [InlineData("/v1/verify")]
    [InlineData("/v1/rotate")]
    public async Task An_object_that_takes_too_many_tries_of_keys_is_refused(string path)
    {
        foreach (var name in new[] { "one", "two", "three" }) keys.Put(name, TestKeys.Key(name));
        await using var other = await FrontAsync(UnsealOptions.Default with { MaxPrivateOperations = 8 }, context => context.RequestAborted);
        using var content = new StringContent(Text(Many(3, "stranger"), yaml: false));
        using var answer = await http.PostAsync(new Uri(other.ApiAddress!, path), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("opening it takes more than 8 tries of a key; 3 keys are in use\n", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_small_request_is_served_beside_a_large_one_and_a_large_one_waits()
    {
        keys.Put("a", TestKeys.Key("one"));
        var turn = await turns.TakeAsync(OpeningDoor.MaxItems, TestContext.Current.CancellationToken); // somebody else's, which does not end
        var large = PostAsync("/v1/verify", Text(Many(OpeningTurns.ItemsOfASmallOne + 1, "one"), yaml: false), "10.0.0.1");
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/v1/verify", Text(Many(OpeningTurns.ItemsOfASmallOne, "one"), yaml: false), "10.0.0.2")).Status);
        Assert.False(large.IsCompleted);
        turn.Dispose();
        Assert.Equal(HttpStatusCode.OK, (await large).Status);
    }

    [Fact]
    public async Task Nothing_more_is_opened_for_a_caller_who_has_gone()
    {
        using var gone = new CancellationTokenSource();
        var rendered = 0;
        var unsealing = UnsealOptions.Default with
        {
            Templates = (_, _, _) =>
            {
                rendered++;
                gone.Cancel();
                return TemplateRendering.Of([]);
            },
        };
        keys.Put("a", TestKeys.Key("one"));
        await using var other = await FrontAsync(unsealing, _ => gone.Token);
        var templated = TestKeys.Seal("one", "shop", "db", ("a", "b"));
        templated = templated with { Spec = templated.Spec with { Template = new SecretTemplateSpec { Data = new(StringComparer.Ordinal) { ["x"] = "1", ["y"] = "2" } } } };
        using var content = new StringContent(Text(templated, yaml: false));
        using var answer = await http.PostAsync(new Uri(other.ApiAddress!, "/v1/verify"), content, TestContext.Current.CancellationToken);
        Assert.Equal((1, HttpStatusCode.InternalServerError), (rendered, answer.StatusCode));
    }

    /// <param name="aborted">What says that the caller has gone.</param>
    private async Task<HttpFront> FrontAsync(UnsealOptions unsealing, Func<HttpContext, CancellationToken> aborted)
    {
        var options = ControllerOptions.Load(["--listen-addr=127.0.0.1:0", "--listen-metrics-addr=127.0.0.1:0"], new Dictionary<string, string>(), out _);
        var other = new HttpFront(options, metrics, NullLoggerFactory.Instance, time, Map, _ => { });
        await other.StartAsync(TestContext.Current.CancellationToken);
        return other;

        void Map(IEndpointRouteBuilder routes)
        {
            var group = routes.MapGroup("");
            new HttpRoutes(options, keys, unsealing, turns, () => true, time).Map(group);
            ((IEndpointConventionBuilder)group).Add(endpoint =>
            {
                var serve = endpoint.RequestDelegate!;
                endpoint.RequestDelegate = context =>
                {
                    context.RequestAborted = aborted(context);
                    return serve(context);
                };
            });
        }
    }

    private static SealedSecret Many(int items, string key)
    {
        var one = TestKeys.Seal(key, "shop", "db", ("a", "b"));
        var value = one.Spec.EncryptedData!["a"];
        return one with { Spec = one.Spec with { EncryptedData = new(Enumerable.Range(0, items).ToDictionary(item => $"a{item}", _ => value), StringComparer.Ordinal) } };
    }

    private async Task<(HttpStatusCode Status, string? Type, string Body)> GetAsync(string path)
    {
        using var response = await http.GetAsync(new Uri(front.ApiAddress!, path), TestContext.Current.CancellationToken);
        return (response.StatusCode, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task<(HttpStatusCode Status, string? Type, string Body, string[] RateHeaders)> PostAsync(string path, string body, string? forwardedFor = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(front.ApiAddress!, path)) { Content = new StringContent(body) };
        request.Headers.ExpectContinue = body.Length > SealedSecretBody.MaxSize;
        if (forwardedFor is not null) request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        string[] names = ["X-Ratelimit-Limit", "X-Ratelimit-Remaining", "X-Ratelimit-Reset", "Retry-After"];
        var limits = names.Select(name => response.Headers.TryGetValues(name, out var values) ? values.Single() : "").ToArray();
        return (response.StatusCode, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), limits);
    }

    private static string Text(SealedSecret sealedSecret, bool yaml)
    {
        var json = JsonSerializer.Serialize(sealedSecret, ApiJson.Compact.SealedSecret);
        return yaml ? GitOpsSecrets.Api.Yaml.YamlWriter.Write(System.Text.Json.Nodes.JsonNode.Parse(json)) : json;
    }
}
