using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Quickstart;

/// <summary>An ExternalSecret over a store whose value changes. The store is of the kind <c>fake</c>, which keeps its values in its own manifest: nothing to log in to.</summary>
internal sealed class ExternalDemo(QuickstartCluster cluster, DemoSteps steps)
{
    private const string Group = "/apis/external-secrets.io/v1/namespaces/default";
    private const string Secret = "/api/v1/namespaces/default/secrets/api";

    /// <exception cref="QuickstartException">The Secret did not follow.</exception>
    public Task RunAsync(CancellationToken cancellationToken) => steps.DoAsync(
        "An ExternalSecret follows its store: apply both, then change the value in the store",
        show => FollowAsync(show, cancellationToken),
        version => $"the Secret holds the new value, version {version}; no other command was needed");

    private async Task<string> FollowAsync(Action<string> show, CancellationToken cancellationToken)
    {
        // Made for this run only; compared, never shown.
        var (before, after) = (NewToken(), NewToken());
        await StoreAsync(before, cancellationToken);
        await cluster.Client.ApplyAsync($"{Group}/externalsecrets/api", """
            {"apiVersion":"external-secrets.io/v1","kind":"ExternalSecret","metadata":{"name":"api","namespace":"default"},
            "spec":{"refreshInterval":"1h","secretStoreRef":{"name":"demo"},"data":[{"secretKey":"token","remoteRef":{"key":"prod/api","property":"token"}}]}}
            """, cancellationToken);
        var first = await HoldsAsync(before, cancellationToken);
        show($"Secret default/api is there with the store's value, version {first}");
        await StoreAsync(after, cancellationToken);
        return await HoldsAsync(after, cancellationToken);
    }

    private Task StoreAsync(string token, CancellationToken cancellationToken)
    {
        var entry = new JsonObject { ["key"] = "prod/api", ["value"] = new JsonObject { ["token"] = token }.ToJsonString() };
        var store = new JsonObject
        {
            ["apiVersion"] = "external-secrets.io/v1",
            ["kind"] = "SecretStore",
            ["metadata"] = new JsonObject { ["name"] = "demo", ["namespace"] = "default" },
            ["spec"] = new JsonObject { ["provider"] = new JsonObject { ["fake"] = new JsonObject { ["data"] = new JsonArray(entry) } } },
        };
        return cluster.Client.ApplyAsync($"{Group}/secretstores/demo", store.ToJsonString(), cancellationToken);
    }

    /// <returns>The version of the Secret that holds it.</returns>
    private async Task<string> HoldsAsync(string token, CancellationToken cancellationToken)
    {
        var secret = await ClusterClient.UntilAsync(
            "the Secret with the store's value", () => cluster.Client.FindAsync(Secret, cancellationToken), found => found is not null && TokenOf(found) == token, cancellationToken);
        return secret!["metadata"]!["resourceVersion"]!.GetValue<string>();
    }

    private static string TokenOf(JsonObject secret) => Encoding.UTF8.GetString(Convert.FromBase64String(secret["data"]?["token"]?.GetValue<string>() ?? ""));

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
