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
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task The_server_admits_and_denies_what_it_should()
    {
        using var client = new ClusterClient(fixture.Cluster);
        var (served, _) = await client.GetAsync("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies", "application/json", TestContext.Current.CancellationToken);
        Assert.SkipWhen(served == HttpStatusCode.NotFound, "this API server is older than 1.30: it has no ValidatingAdmissionPolicy");
        await PrepareAsync(client);

        foreach (var (policy, cases) in new[] { ("gitopssecrets-no-handmade-secrets", PolicyCase.Of("secrets")), ("gitopssecrets-own-scope", PolicyCase.Of("scopes")) })
        {
            await InForceAsync(cases.First(request => request.Denied));
            foreach (var request in cases)
            {
                var (code, message) = await AskAsync(request);
                if (request.Denied) Assert.Contains($"ValidatingAdmissionPolicy '{policy}'", message, StringComparison.Ordinal);
                else Assert.True((int)code is 200 or 201, $"{request.Name}: {(int)code} {message}");
            }
        }
    }

    /// <summary>The policies, a namespace where both hold, and users who may do anything but what a policy forbids.</summary>
    private static async Task PrepareAsync(ClusterClient client)
    {
        foreach (var file in Repository.Files("deploy/policies/admission", "*.yaml")) await client.ApplyAllAsync(ManifestSet.Parse(Repository.Read(file)), Stop);
        await client.ApplyAllAsync(ManifestSet.Parse($$$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: {{{PolicyCase.Namespace}}}, labels: {gitopssecrets.io/sealed-only: "true"}}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: policy-cases}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: alice}, {apiGroup: rbac.authorization.k8s.io, kind: User, name: "{{{PolicyCase.Controller}}}"}]
            """), Stop);
    }

    /// <summary>A server looks at a policy a moment after it took it.</summary>
    private async Task InForceAsync(PolicyCase denied)
    {
        while ((int)(await AskAsync(denied)).Code is 200 or 201) await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
    }

    /// <summary>Asks without storing anything but the state that is changed, which the controller wrote before.</summary>
    private async Task<(HttpStatusCode Code, string Message)> AskAsync(PolicyCase request)
    {
        var collection = (string)request.Object["kind"]! == "Secret" ? $"/api/v1/namespaces/{PolicyCase.Namespace}/secrets" : $"/apis/bitnami.com/v1alpha1/namespaces/{PolicyCase.Namespace}/sealedsecrets";
        if (request.Old is null) return await SendAsync(HttpMethod.Post, $"{collection}?dryRun=All", request.User, request.Object);
        var path = $"{collection}/{request.Old["metadata"]!["name"]}";
        var stored = await SendAsync(HttpMethod.Post, collection, PolicyCase.Controller, request.Old);
        Assert.True(stored.Code == HttpStatusCode.Created, stored.Message);
        var answer = await SendAsync(HttpMethod.Put, $"{path}?dryRun=All", request.User, request.Object);
        await SendAsync(HttpMethod.Delete, path, PolicyCase.Controller, body: null);
        return answer;
    }

    private async Task<(HttpStatusCode Code, string Message)> SendAsync(HttpMethod method, string path, string user, JsonObject? body)
    {
        using var http = fixture.Cluster.CreateAdminClient();
        using var message = new HttpRequestMessage(method, path) { Headers = { { "Impersonate-User", user } } };
        if (body is not null) message.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await http.SendAsync(message, Stop);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }
}
