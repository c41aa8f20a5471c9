using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.EndToEnd.Tests.Running;

/// <summary>A namespace of its own, and what a user does and sees there.</summary>
internal sealed class Tenant
{
    private Tenant(Deployment deployment, string name)
    {
        Deployment = deployment;
        Namespace = name;
    }

    public Deployment Deployment { get; }

    public string Namespace { get; }

    private HttpClient Api => Deployment.Api;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<Tenant> CreateAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        var name = $"test-{Guid.NewGuid():n}"[..16];
        await SendAsync(deployment.Api, HttpMethod.Post, "/api/v1/namespaces", new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } }, cancellationToken);
        return new Tenant(deployment, name);
    }

    /// <summary>A Secret that is not yet sealed, with one item <c>foo: bar</c> and a label.</summary>
    public Secret Secret(string name = "testsecret", string item = "foo", string value = "bar") => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = Namespace, Labels = Map(("mylabel", "myvalue")) },
        Data = new(StringComparer.Ordinal) { [item] = Encoding.UTF8.GetBytes(value) },
        Type = "Opaque",
    };

    public static SortedDictionary<string, string> Map(params (string Key, string Value)[] entries)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in entries) map[key] = value;
        return map;
    }

    public async Task<SealedSecret> SealAsync(Secret secret, SealingScope scope = SealingScope.Strict) =>
        Seal(secret, await Deployment.CertificateAsync(Stop), scope);

    public static SealedSecret Seal(Secret secret, SealingCertificate certificate, SealingScope scope = SealingScope.Strict)
    {
        var result = Sealer.Seal(secret with { Metadata = SealingScopes.Annotate(secret.Metadata, scope) }, certificate, hint: false);
        return result.SealedSecret ?? throw new InvalidOperationException(result.Failure!.ToString());
    }

    public async Task<JsonObject> CreateAsync(SealedSecret sealedSecret) =>
        await SendAsync(Api, HttpMethod.Post, Collection("sealedsecrets", sealedSecret.Metadata.Namespace), Json(sealedSecret), Stop);

    /// <summary>Replaces the spec and the annotations of what is there.</summary>
    public async Task<JsonObject> UpdateAsync(SealedSecret sealedSecret)
    {
        var path = $"{Collection("sealedsecrets", Namespace)}/{sealedSecret.Metadata.Name}";
        while (true)
        {
            var current = (await FindAsync(path))!;
            current["spec"] = Json(sealedSecret)["spec"]!.DeepClone();
            current["metadata"]!["annotations"] = Json(sealedSecret)["metadata"]!["annotations"]?.DeepClone();
            var (code, body) = await TrySendAsync(Api, HttpMethod.Put, path, current, Stop);
            if (code == HttpStatusCode.Conflict) continue; // the controller wrote its status in between
            Assert.True((int)code < 300, body.ToJsonString());
            return body;
        }
    }

    public async Task DeleteSealedSecretAsync(string name) => await TrySendAsync(Api, HttpMethod.Delete, $"{Collection("sealedsecrets", Namespace)}/{name}", null, Stop);

    public async Task<JsonObject> CreateSecretAsync(Secret secret) =>
        await SendAsync(Api, HttpMethod.Post, Collection("secrets", Namespace), JsonSerializer.SerializeToNode(secret, ApiJson.Compact.Secret)!.AsObject(), Stop);

    public async Task PatchSecretAsync(string name, JsonObject patch) =>
        await SendAsync(Api, HttpMethod.Patch, $"{Collection("secrets", Namespace)}/{name}", patch, Stop, "application/merge-patch+json");

    public async Task DeleteSecretAsync(string name) => await TrySendAsync(Api, HttpMethod.Delete, $"{Collection("secrets", Namespace)}/{name}", null, Stop);

    public Task<JsonObject?> FindSecretAsync(string name = "testsecret") => FindAsync($"{Collection("secrets", Namespace)}/{name}");

    public Task<JsonObject?> FindSealedSecretAsync(string name = "testsecret") => FindAsync($"{Collection("sealedsecrets", Namespace)}/{name}");

    /// <summary>Waits until the Secret is there and the claim holds of it.</summary>
    public Task SecretAsync(string name, Action<JsonObject> claim) => Deployment.EventuallyAsync(async () =>
    {
        var secret = await FindSecretAsync(name);
        Assert.NotNull(secret);
        claim(secret);
    }, Stop);

    /// <summary>Waits until the claim holds of the SealedSecret.</summary>
    public Task SealedSecretAsync(string name, Action<JsonObject> claim) => Deployment.EventuallyAsync(async () =>
    {
        var found = await FindSealedSecretAsync(name);
        Assert.NotNull(found);
        claim(found);
    }, Stop);

    /// <summary>Waits until an event with this reason, and a message with this part, is recorded for the SealedSecret.</summary>
    public Task EventAsync(string name, string reason, string messagePart = "") => Deployment.EventuallyAsync(async () =>
    {
        var events = (await FindAsync($"/api/v1/namespaces/{Namespace}/events"))!["items"]!.AsArray();
        Assert.Contains(events, entry => (string?)entry!["reason"] == reason && (string?)entry["involvedObject"]!["name"] == name
            && (string?)entry["involvedObject"]!["kind"] == "SealedSecret" && ((string?)entry["message"] ?? "").Contains(messagePart, StringComparison.Ordinal));
    }, Stop);

    public static string Item(JsonObject secret, string item) => Encoding.UTF8.GetString(Convert.FromBase64String((string)secret["data"]![item]!));

    public static IEnumerable<string> Items(JsonObject secret) => secret["data"]?.AsObject().Select(entry => entry.Key) ?? [];

    public static JsonObject Synced(JsonObject sealedSecret) =>
        Assert.Single(sealedSecret["status"]!["conditions"]!.AsArray(), condition => (string?)condition!["type"] == "Synced")!.AsObject();

    public static void IsOwnedBy(JsonObject secret, JsonObject sealedSecret)
    {
        var owner = Assert.Single(secret["metadata"]!["ownerReferences"]!.AsArray());
        Assert.Equal((string?)sealedSecret["metadata"]!["uid"], (string?)owner!["uid"]);
        Assert.True((bool)owner["controller"]!);
    }

    private static JsonObject Json(SealedSecret sealedSecret) => JsonSerializer.SerializeToNode(sealedSecret, ApiJson.Compact.SealedSecret)!.AsObject();

    private static string Collection(string plural, string? ns) =>
        plural == "secrets" ? $"/api/v1/namespaces/{ns}/secrets" : $"/apis/bitnami.com/v1alpha1/namespaces/{ns}/{plural}";

    private async Task<JsonObject?> FindAsync(string path)
    {
        var (code, body) = await TrySendAsync(Api, HttpMethod.Get, path, null, Stop);
        if (code == HttpStatusCode.NotFound) return null;
        Assert.True((int)code < 300, body.ToJsonString());
        return body;
    }

    private static async Task<JsonObject> SendAsync(HttpClient api, HttpMethod method, string path, JsonObject body, CancellationToken cancellationToken, string mediaType = "application/json")
    {
        var (code, answer) = await TrySendAsync(api, method, path, body, cancellationToken, mediaType);
        Assert.True((int)code < 300, $"{method} {path}: {(int)code} {answer["message"]}");
        return answer;
    }

    private static async Task<(HttpStatusCode Code, JsonObject Body)> TrySendAsync(
        HttpClient api, HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, mediaType);
        using var answer = await api.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return (answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text)!.AsObject() : new JsonObject { ["message"] = text });
    }
}
