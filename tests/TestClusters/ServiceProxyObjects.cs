using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.TestClusters;

/// <summary>The objects that make a real API server proxy to a service: it asks for an endpoint that is a pod with that very address.</summary>
internal static class ServiceProxyObjects
{
    public static async Task CreateAsync(HttpClient admin, string ns, string service, int port, string ip, CancellationToken cancellationToken)
    {
        var pod = $"{service}-0";
        var core = $"/api/v1/namespaces/{ns}";
        await PutAsync(admin, $"{core}/pods/{pod}", Object("Pod", pod, new JsonObject
        {
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "none" }) },
        }), cancellationToken);
        await PutAsync(admin, $"{core}/services/{service}", Object("Service", service, new JsonObject
        {
            ["spec"] = new JsonObject { ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["protocol"] = "TCP", ["port"] = port }) },
        }), cancellationToken);
        await PutAsync(admin, $"{core}/endpoints/{service}", Object("Endpoints", service, new JsonObject
        {
            ["subsets"] = new JsonArray(new JsonObject
            {
                ["addresses"] = new JsonArray(new JsonObject { ["ip"] = ip, ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = ns, ["name"] = pod } }),
                ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["protocol"] = "TCP", ["port"] = port }),
            }),
        }), cancellationToken);
        var status = new JsonObject { ["status"] = new JsonObject { ["phase"] = "Running", ["podIP"] = ip, ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = ip }) } };
        await SendAsync(admin, HttpMethod.Patch, $"{core}/pods/{pod}/status", status, "application/merge-patch+json", cancellationToken);
    }

    private static JsonObject Object(string kind, string name, JsonObject content)
    {
        content["apiVersion"] = "v1";
        content["kind"] = kind;
        content["metadata"] = new JsonObject { ["name"] = name };
        return content;
    }

    /// <summary>Server-side apply: creates what is not there and takes what is.</summary>
    private static Task PutAsync(HttpClient admin, string path, JsonObject body, CancellationToken cancellationToken) =>
        SendAsync(admin, HttpMethod.Patch, $"{path}?fieldManager=test-clusters&force=true", body, "application/apply-patch+yaml", cancellationToken);

    private static async Task SendAsync(HttpClient admin, HttpMethod method, string path, JsonObject body, string mediaType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var answer = await admin.SendAsync(request, cancellationToken);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }
}
