using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.LocalCluster.Tests.Conformance;

public sealed class AccessFacts(SharedClusters clusters)
{
    private const string Rbac = "rbac.authorization.k8s.io/v1";

    private static async Task<(ApiClient Client, string Token)> AccountAsync(TestHome home, string name)
    {
        Assert.Equal(201, (await home.Api.PostAsync(home.Path("serviceaccounts"), $$$"""{"metadata":{"name":"{{{name}}}"}}""")).Code);
        var token = await home.Cluster.CreateServiceAccountTokenAsync(home.Namespace, name, TestContext.Current.CancellationToken);
        return (new ApiClient(home.Cluster.CreateClient(token)), token);
    }

    private static async Task AllowAsync(TestHome home, string account, string rules)
    {
        await home.Api.PostAsync(home.Path(Rbac, "roles"), $$$"""{"metadata":{"name":"r"},"rules":[{{{rules}}}]}""");
        var bound = await home.Api.PostAsync(home.Path(Rbac, "rolebindings"), $$$"""
            {"metadata":{"name":"b"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"r"},"subjects":[{"kind":"ServiceAccount","name":"{{{account}}}","namespace":"{{{home.Namespace}}}"}]}
            """);
        Assert.Equal(201, bound.Code);
    }

    [Theory, OnEachCluster]
    public async Task A_service_account_may_nothing_until_a_role_says_so(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var (bot, _) = await AccountAsync(home, "bot");
        using var client = bot;
        var denied = await bot.GetAsync(home.Secrets);
        Assert.Equal((403, "Forbidden"), (denied.Code, denied.Reason));
        Assert.Equal($"secrets is forbidden: User \"system:serviceaccount:{home.Namespace}:bot\" cannot list resource \"secrets\" in API group \"\" in the namespace \"{home.Namespace}\"", denied.Message);
        var named = await bot.GetAsync(home.Secrets + "/x");
        Assert.StartsWith("secrets \"x\" is forbidden: User ", named.Message, StringComparison.Ordinal);
        var everywhere = await bot.GetAsync("/api/v1/secrets");
        Assert.EndsWith("at the cluster scope", everywhere.Message, StringComparison.Ordinal);
        await AllowAsync(home, "bot", """{"apiGroups":[""],"resources":["secrets"],"verbs":["list"]}""");
        await TestHome.UntilAsync(() => bot.GetAsync(home.Secrets), answer => answer.Code == 200);
        Assert.Equal(403, (await bot.GetAsync(home.Secrets + "/x")).Code);
    }

    [Theory, OnEachCluster]
    public async Task A_role_may_name_single_objects(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var (bot, _) = await AccountAsync(home, "bot");
        using var client = bot;
        await home.CreateConfigMapAsync("mine");
        await home.CreateConfigMapAsync("other");
        await AllowAsync(home, "bot", """{"apiGroups":[""],"resources":["configmaps"],"resourceNames":["mine"],"verbs":["get"]}""");
        await TestHome.UntilAsync(() => bot.GetAsync(home.ConfigMaps + "/mine"), answer => answer.Code == 200);
        Assert.Equal(403, (await bot.GetAsync(home.ConfigMaps + "/other")).Code);
    }

    [Theory, OnEachCluster]
    public async Task Status_is_a_resource_of_its_own_to_a_role(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var (bot, _) = await AccountAsync(home, "bot");
        using var client = bot;
        await AllowAsync(home, "bot", """{"apiGroups":[""],"resources":["pods"],"verbs":["*"]}""");
        await TestHome.UntilAsync(() => bot.GetAsync(home.Path("pods")), answer => answer.Code == 200);
        var denied = await bot.PatchAsync(home.Path("pods") + "/p/status", "{}");
        Assert.Equal(403, denied.Code);
        Assert.Contains("cannot patch resource \"pods/status\"", denied.Message, StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task An_unknown_token_is_a_401_and_no_token_is_anonymous(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        using var unknown = new ApiClient(home.Cluster.CreateClient("nope"));
        var answer = await unknown.GetAsync(home.Secrets);
        Assert.Equal((401, "Unauthorized"), (answer.Code, answer.Reason));
        using var nobody = new ApiClient(home.Cluster.CreateClient(null));
        var denied = await nobody.GetAsync(home.Secrets);
        Assert.Equal(403, denied.Code);
        Assert.Contains("User \"system:anonymous\" cannot list", denied.Message, StringComparison.Ordinal);
        Assert.Equal(200, (await nobody.GetAsync("/healthz")).Code);
    }

    [Theory, OnEachCluster]
    public async Task A_token_says_whose_it_is(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var (bot, token) = await AccountAsync(home, "bot");
        bot.Dispose();
        var text = token.Split('.')[1].Replace('-', '+').Replace('_', '/');
        var claims = JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(text + new string('=', (4 - (text.Length % 4)) % 4))))!;
        Assert.Equal("https://kubernetes.default.svc.cluster.local", claims["iss"]!.GetValue<string>());
        Assert.Equal($"system:serviceaccount:{home.Namespace}:bot", claims["sub"]!.GetValue<string>());
        Assert.Equal("bot", claims["kubernetes.io"]!["serviceaccount"]!["name"]!.GetValue<string>());
    }

    [Theory, OnEachCluster]
    public async Task A_token_is_good_for_its_audience_only(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.PostAsync(home.Path("serviceaccounts"), """{"metadata":{"name":"bot"}}""");
        var made = await home.Api.PostAsync(home.Path("serviceaccounts") + "/bot/token", """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":["vault"],"expirationSeconds":600}}""");
        Assert.Equal(201, made.Code);
        var token = made.Body["status"]!["token"]!.GetValue<string>();
        using var bot = new ApiClient(home.Cluster.CreateClient(token));
        Assert.Equal(401, (await bot.GetAsync(home.Secrets)).Code);
        var review = await home.Api.PostAsync("/apis/authentication.k8s.io/v1/tokenreviews", $$$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"{{{token}}}"}}""");
        Assert.NotEqual(true, review.Body["status"]!["authenticated"]?.GetValue<bool>());
    }

    [Theory, OnEachCluster]
    public async Task A_token_lives_ten_minutes_at_least(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.PostAsync(home.Path("serviceaccounts"), """{"metadata":{"name":"bot"}}""");
        var answer = await home.Api.PostAsync(home.Path("serviceaccounts") + "/bot/token", """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":60}}""");
        Assert.Equal(422, answer.Code);
        Assert.Contains("may not specify a duration less than 10 minutes", answer.Message, StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task A_token_goes_with_its_account(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var (bot, token) = await AccountAsync(home, "bot");
        using var client = bot;
        var review = await home.Api.PostAsync("/apis/authentication.k8s.io/v1/tokenreviews", $$$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"{{{token}}}"}}""");
        Assert.True(review.Body["status"]!["authenticated"]!.GetValue<bool>());
        Assert.Equal($"system:serviceaccount:{home.Namespace}:bot", review.Body["status"]!["user"]!["username"]!.GetValue<string>());
        Assert.Contains("system:serviceaccounts:" + home.Namespace, review.Body["status"]!["user"]!["groups"]!.AsArray().Select(group => group!.GetValue<string>()));
        await home.Api.DeleteAsync(home.Path("serviceaccounts") + "/bot");
        await TestHome.UntilAsync(() => bot.GetAsync(home.Secrets), answer => answer.Code == 401);
    }

    [Theory, OnEachCluster]
    public async Task Access_can_be_asked_for(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var (bot, _) = await AccountAsync(home, "bot");
        using var client = bot;
        await AllowAsync(home, "bot", """{"apiGroups":[""],"resources":["secrets"],"verbs":["get"]}""");
        async Task<ApiAnswer> MayAsync(string verb) => await bot.PostAsync("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", $$$"""
            {"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"namespace":"{{{home.Namespace}}}","verb":"{{{verb}}}","resource":"secrets"} }}
            """);
        await TestHome.UntilAsync(() => MayAsync("get"), answer => answer.Body["status"]?["allowed"]?.GetValue<bool>() == true);
        Assert.False((await MayAsync("delete")).Body["status"]!["allowed"]!.GetValue<bool>());
    }
}
