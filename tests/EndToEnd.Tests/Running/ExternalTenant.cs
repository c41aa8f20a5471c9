using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.EndToEnd.Tests.Running;

/// <summary>A namespace of its own for ExternalSecrets, and what a user does and sees there. <c>NAMESPACE</c> in a manifest is its name.</summary>
internal sealed class ExternalTenant
{
    private ExternalTenant(Deployment deployment, string name) => (Deployment, Namespace) = (deployment, name);

    public Deployment Deployment { get; }

    public string Namespace { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ExternalTenant> CreateAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        var tenant = new ExternalTenant(deployment, $"test-{Guid.NewGuid():n}"[..16]);
        await deployment.ApplyAsync(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = tenant.Namespace } }, cancellationToken);
        return tenant;
    }

    public async Task ApplyAsync(string yaml)
    {
        foreach (var manifest in Read(yaml)) await Deployment.ApplyAsync(manifest, Stop);
    }

    /// <returns>What the API server says when it refuses; null when it takes it.</returns>
    public async Task<string?> RefusalAsync(string yaml)
    {
        var (code, body) = await Deployment.TryApplyAsync(Read(yaml).Single(), Stop);
        return (int)code < 300 ? null : (string?)body["message"];
    }

    /// <summary>A service account "reader" that may read the Secrets of the namespace.</summary>
    public Task ReaderAsync() => ApplyAsync("""
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: reader}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: reader}
        rules: [{apiGroups: [""], resources: [secrets], verbs: [get, list]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: reader}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
        subjects: [{kind: ServiceAccount, name: reader, namespace: NAMESPACE}]
        """);

    /// <summary>A Fake store with these values.</summary>
    public Task FakeAsync(params (string Key, string Value)[] values) => ApplyAsync($$$$"""
        apiVersion: external-secrets.io/v1
        kind: SecretStore
        metadata: {name: store}
        spec: {provider: {fake: {data: [{{{{string.Join(", ", values.Select(entry => $"{{key: {entry.Key}, value: '{entry.Value}'}}"))}}}}]}}}
        """);

    public async Task PatchAsync(string resource, string name, string patch)
    {
        using var content = new StringContent(patch, Encoding.UTF8, "application/merge-patch+json");
        using var answer = await Deployment.Api.PatchAsync(new Uri($"{Collection(resource)}/{name}", UriKind.Relative), content, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    public async Task DeleteAsync(string resource, string name)
    {
        using var answer = await Deployment.Api.DeleteAsync(new Uri($"{Collection(resource)}/{name}", UriKind.Relative), Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    public async Task<JsonObject?> FindAsync(string resource, string name)
    {
        using var answer = await Deployment.Api.GetAsync(new Uri($"{Collection(resource)}/{name}", UriKind.Relative), Stop);
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;
        Assert.True(answer.IsSuccessStatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!.AsObject();
    }

    public async Task<IReadOnlyList<JsonObject>> ListAsync(string resource)
    {
        var list = JsonNode.Parse(await Deployment.Api.GetStringAsync(new Uri(Collection(resource), UriKind.Relative), Stop))!;
        return [.. list["items"]!.AsArray().Select(item => item!.AsObject())];
    }

    /// <summary>Waits until the Secret holds this value under this item.</summary>
    public async Task<JsonObject> HoldsAsync(string secret, string item, string value)
    {
        JsonObject? found = null;
        await Deployment.EventuallyAsync(async () =>
        {
            found = await FindAsync("secrets", secret);
            Assert.NotNull(found);
            Assert.Equal(value, Tenant.Item(found, item));
        }, Stop);
        return found!;
    }

    /// <summary>Waits until the condition Ready of this very generation is so.</summary>
    public Task<JsonObject> ReadyAsync(string resource, string name, string status, string message = "") => SeeAsync(resource, name, found =>
    {
        Assert.Equal((long?)found["metadata"]!["generation"], (long?)found["status"]?["observedGeneration"]);
        var ready = found["status"]!["conditions"]!.AsArray().Single(condition => (string?)condition!["type"] == "Ready")!;
        Assert.Equal(status, (string?)ready["status"]);
        Assert.Contains(message, (string)ready["message"]!, StringComparison.Ordinal);
    });

    /// <summary>Waits until the claim holds of the object.</summary>
    public async Task<JsonObject> SeeAsync(string resource, string name, Action<JsonObject> claim)
    {
        JsonObject? found = null;
        await Deployment.EventuallyAsync(async () =>
        {
            found = await FindAsync(resource, name);
            Assert.NotNull(found);
            claim(found);
        }, Stop);
        return found!;
    }

    public static IEnumerable<string?> Conditions(JsonObject found) => found["status"]!["conditions"]!.AsArray().Select(condition => $"{(string?)condition!["type"]}={(string?)condition["status"]}");

    private string Collection(string resource) => resource switch
    {
        "secrets" or "configmaps" => $"/api/v1/namespaces/{Namespace}/{resource}",
        "namespaces" => "/api/v1/namespaces",
        "clusterroles" => "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        "generatorstates" => $"/apis/generators.external-secrets.io/v1alpha1/namespaces/{Namespace}/{resource}",
        "pushsecrets" => $"/apis/external-secrets.io/v1alpha1/namespaces/{Namespace}/{resource}",
        "clusterpushsecrets" => $"/apis/external-secrets.io/v1alpha1/{resource}",
        _ when resource.StartsWith("cluster", StringComparison.Ordinal) => $"/apis/external-secrets.io/v1/{resource}",
        _ => $"/apis/external-secrets.io/v1/namespaces/{Namespace}/{resource}",
    };

    private IEnumerable<JsonObject> Read(string yaml)
    {
        foreach (var document in YamlReader.ReadAll(yaml.Replace("NAMESPACE", Namespace, StringComparison.Ordinal)))
        {
            var manifest = document.Root!.AsObject();
            if (!((string)manifest["kind"]!).StartsWith("Cluster", StringComparison.Ordinal)) manifest["metadata"]!["namespace"] ??= Namespace;
            yield return manifest;
        }
    }
}
