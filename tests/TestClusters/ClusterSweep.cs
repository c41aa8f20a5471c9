using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.TestClusters;

/// <summary>Makes an API server as it was: deletes every object that was not there at first, without waiting for anybody's finalizer.</summary>
/// <param name="http">With the administrator's rights.</param>
internal sealed class ClusterSweep(HttpClient http)
{
    private const string Definitions = "apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>What the server and its controllers keep for themselves.</summary>
    private static readonly HashSet<string> Untouched = new(StringComparer.Ordinal) { "namespaces", "leases", "apiservices", "flowschemas", "prioritylevelconfigurations", "componentstatuses", "nodes" };

    private readonly HashSet<string> first = new(StringComparer.Ordinal);

    /// <summary>Creates the definitions and waits until their kinds are served.</summary>
    public async Task DefineAsync(IEnumerable<JsonObject> definitions, CancellationToken cancellationToken)
    {
        foreach (var definition in definitions)
        {
            using var answer = await http.PostAsJsonAsync(Path(Definitions), definition, cancellationToken);
            if (!answer.IsSuccessStatusCode) throw new HttpRequestException(await answer.Content.ReadAsStringAsync(cancellationToken));
            var spec = definition["spec"]!;
            foreach (var version in spec["versions"]!.AsArray()) await ServedAsync($"apis/{spec["group"]}/{version!["name"]}/{spec["names"]!["plural"]}", cancellationToken);
        }
    }

    /// <summary>From now on, what is there is there at first.</summary>
    public async Task RememberAsync(CancellationToken cancellationToken)
    {
        await foreach (var (_, item) in ObjectsAsync(_ => true, cancellationToken)) first.Add(Uid(item));
    }

    /// <exception cref="TimeoutException">A namespace does not go.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var (path, item) in ObjectsAsync(resource => !Untouched.Contains(resource), cancellationToken))
        {
            if (!first.Contains(Uid(item)) && !IsMadeByItself(path, item)) await RemoveAsync(path, item, cancellationToken);
        }
        // Last, and at once: the namespace controller goes by names, and what it begins in an old namespace it goes on with in a new one of that name.
        await foreach (var (path, item) in ObjectsAsync(resource => resource == "namespaces", cancellationToken))
        {
            if (!first.Contains(Uid(item))) await EndAsync(path, isEnding: item["metadata"]!["deletionTimestamp"] is not null, cancellationToken);
        }
    }

    /// <summary>The service account that each namespace has, and the tokens of one that is deleted, which go with it.</summary>
    private static bool IsMadeByItself(string path, JsonNode item) =>
        path.EndsWith("/serviceaccounts/default", StringComparison.Ordinal) || (string?)item["type"] == "kubernetes.io/service-account-token";

    private async Task RemoveAsync(string path, JsonNode item, CancellationToken cancellationToken)
    {
        if (item["metadata"]!["finalizers"] is not null)
        {
            using var patch = new StringContent("""{"metadata":{"finalizers":null}}""", new MediaTypeHeaderValue("application/merge-patch+json"));
            (await http.PatchAsync(Path(path), patch, cancellationToken)).Dispose();
        }
        (await http.DeleteAsync(Path(path), cancellationToken)).Dispose();
    }

    /// <summary>The namespace controller would take seconds; where it is at it already, it is waited for.</summary>
    private async Task EndAsync(string path, bool isEnding, CancellationToken cancellationToken)
    {
        if (!isEnding) (await http.DeleteAsync(Path(path), cancellationToken)).Dispose();
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        while (true)
        {
            using var answer = await http.GetAsync(Path(path), cancellationToken);
            if (answer.StatusCode == HttpStatusCode.NotFound) return;
            if (limit.IsCancellationRequested) throw new TimeoutException(path);
            if (!isEnding)
            {
                var item = (await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!;
                item["spec"]!["finalizers"] = new JsonArray();
                (await http.PutAsJsonAsync(Path(path + "/finalize"), item, cancellationToken)).Dispose();
            }
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
    }

    private async Task ServedAsync(string path, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        while (true)
        {
            using var answer = await http.GetAsync(Path(path), cancellationToken);
            if (answer.IsSuccessStatusCode) return;
            if (limit.IsCancellationRequested) throw new TimeoutException(path);
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>All objects of the resources that are wanted, each with its path.</summary>
    private async IAsyncEnumerable<(string Path, JsonNode Item)> ObjectsAsync(Func<string, bool> isWanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var groups = await http.GetFromJsonAsync<JsonObject>(Path("apis"), cancellationToken);
        var versions = groups!["groups"]!.AsArray().SelectMany(group => group!["versions"]!.AsArray().Select(version => (Group: (string)group["name"]!, Root: $"apis/{version!["groupVersion"]}")));
        var seen = new HashSet<(string Group, string Resource)>();
        foreach (var (group, root) in versions.Prepend(("", "api/v1")))
        {
            var list = await http.GetFromJsonAsync<JsonObject>(Path(root), cancellationToken);
            foreach (var resource in list!["resources"]!.AsArray().Where(resource => isWanted((string)resource!["name"]!) && Can(resource, "list") && Can(resource, "delete")))
            {
                if (!seen.Add((group, (string)resource!["name"]!))) continue;
                var items = await http.GetFromJsonAsync<JsonObject>(Path($"{root}/{resource["name"]}"), cancellationToken);
                foreach (var item in items!["items"]!.AsArray())
                {
                    var ns = (string?)item!["metadata"]!["namespace"];
                    yield return ($"{root}/{(ns is null ? "" : $"namespaces/{ns}/")}{resource["name"]}/{item["metadata"]!["name"]}", item);
                }
            }
        }
    }

    private static bool Can(JsonNode resource, string verb) => resource["verbs"]!.AsArray().Any(known => (string?)known == verb);

    private static string Uid(JsonNode item) => (string)item["metadata"]!["uid"]!;

    private static Uri Path(string path) => new(path, UriKind.Relative);
}
