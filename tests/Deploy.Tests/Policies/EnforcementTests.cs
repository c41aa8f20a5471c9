using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Deploy.Tests.Cluster;
using GitOpsSecrets.Deploy.Tests.Manifests;

namespace GitOpsSecrets.Deploy.Tests.Policies;

/// <summary>An API server that enforces ValidatingAdmissionPolicies (Kubernetes 1.30 or later) has ours, and is asked for what they must let pass or refuse.</summary>
public sealed class EnforcementTests(RealClusterFixture fixture) : IClassFixture<RealClusterFixture>
{
    private const string Unlabelled = "tools";
    private const string Wide = "wide";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task The_server_admits_and_denies_what_it_should()
    {
        using var client = new ClusterClient(fixture.Cluster);
        var (served, _) = await client.GetAsync("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies", "application/json", TestContext.Current.CancellationToken);
        Assert.SkipWhen(served == HttpStatusCode.NotFound, "this API server is older than 1.30: it has no ValidatingAdmissionPolicy");
        IReadOnlyList<PolicyCase> secrets = Named("secrets", PolicyCase.Namespace), scopes = Named("scopes", PolicyCase.Namespace);
        await PrepareAsync(client);
        foreach (var request in secrets.Concat(scopes).Where(request => request.Old is not null)) await StoreAsync(request);
        foreach (var file in Repository.Files("deploy/policies/admission", "*.yaml")) await client.ApplyAllAsync(ManifestSet.Parse(Repository.Read(file)), Stop);

        foreach (var (policy, cases) in new[] { ("gitopssecrets-no-handmade-secrets", secrets), ("gitopssecrets-own-scope", scopes) })
        {
            await InForceAsync(cases.First(request => request.Denied));
            foreach (var request in cases)
            {
                var (code, message) = await AskAsync(request);
                if (request.Denied) Assert.True(message.Contains($"ValidatingAdmissionPolicy '{policy}'", StringComparison.Ordinal), $"{request.Name}: {(int)code} {message}");
                else Assert.True((int)code is 200 or 201, $"{request.Name}: {(int)code} {message}");
            }
        }
        await ElsewhereAsync(Unlabelled, Named("secrets", Unlabelled), denied: false);
        await ElsewhereAsync(Unlabelled, Named("scopes", Unlabelled), denied: true);
        await ElsewhereAsync(Wide, Named("scopes", Wide), denied: false);
    }

    /// <summary>Both policies are in force by now: what was refused is asked for in a namespace with other labels.</summary>
    private async Task ElsewhereAsync(string space, IReadOnlyList<PolicyCase> cases, bool denied)
    {
        foreach (var request in cases.Where(request => request.Denied && request.Old is null))
        {
            var (code, message) = await AskAsync(request);
            Assert.True(denied == (int)code is not (200 or 201), $"{space}: {request.Name}: {(int)code} {message}");
        }
    }

    /// <summary>Each request is about an object of its own.</summary>
    private static IReadOnlyList<PolicyCase> Named(string kind, string space) => [.. PolicyCase.Of(kind).Select((request, i) => request.In(space, $"case-{i}"))];

    /// <summary>A namespace where both policies hold, one where the second does, one where none does, and users who may do anything but what a policy forbids.</summary>
    private static Task PrepareAsync(ClusterClient client) =>
        client.ApplyAllAsync(ManifestSet.Parse($$$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: {{{PolicyCase.Namespace}}}, labels: {gitopssecrets.io/sealed-only: "true"}}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: {{{Unlabelled}}}}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: {{{Wide}}}, labels: {gitopssecrets.io/wide-scopes: "true"}}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: policy-cases}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: alice}, {apiGroup: rbac.authorization.k8s.io, kind: User, name: "{{{PolicyCase.Controller}}}"}]
            """), Stop);

    /// <summary>A server looks at a policy a moment after it took it.</summary>
    private async Task InForceAsync(PolicyCase denied)
    {
        while ((int)(await AskAsync(denied)).Code is 200 or 201) await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
    }

    /// <summary>What is changed lies there before a policy could forbid it.</summary>
    private async Task StoreAsync(PolicyCase request)
    {
        var (code, message) = await SendAsync(HttpMethod.Post, CollectionOf(request.Old!), PolicyCase.Controller, request.Old);
        Assert.True(code == HttpStatusCode.Created, message);
    }

    /// <summary>Asks without storing anything.</summary>
    private async Task<(HttpStatusCode Code, string Message)> AskAsync(PolicyCase request)
    {
        if (request.Old is null) return await SendAsync(HttpMethod.Post, $"{CollectionOf(request.Object)}?dryRun=All", request.User, request.Object);
        var path = $"{CollectionOf(request.Object)}/{request.Object["metadata"]!["name"]}";
        var (_, stored) = await SendAsync(HttpMethod.Get, path, PolicyCase.Controller, body: null);
        var changed = request.Object.DeepClone().AsObject();
        changed["metadata"]!["resourceVersion"] = (string?)JsonNode.Parse(stored)!["metadata"]!["resourceVersion"];
        return await SendAsync(HttpMethod.Put, $"{path}?dryRun=All", request.User, changed);
    }

    private static string CollectionOf(JsonObject item) => (string?)item["kind"] == "Secret"
        ? $"/api/v1/namespaces/{item["metadata"]!["namespace"]}/secrets"
        : $"/apis/bitnami.com/v1alpha1/namespaces/{item["metadata"]!["namespace"]}/sealedsecrets";

    private async Task<(HttpStatusCode Code, string Message)> SendAsync(HttpMethod method, string path, string user, JsonObject? body)
    {
        using var http = fixture.Cluster.CreateAdminClient();
        using var message = new HttpRequestMessage(method, path) { Headers = { { "Impersonate-User", user } } };
        if (body is not null) message.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await http.SendAsync(message, Stop);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }
}
