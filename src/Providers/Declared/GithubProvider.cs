using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>
/// GitHub's Actions secrets: a store of a definition, but that <c>url</c> is where people go, and the API is elsewhere: at api.github.com for github.com, below
/// <c>/api/v3</c> of a server of one's own.
/// </summary>
internal sealed class GithubProvider : IProvider
{
    private const string Root = "spec.provider.github";
    private const string Public = "https://api.github.com";
    private readonly BuiltInProvider declared = new("github");

    public string Name => declared.Name;

    public StoreCapability Capability => declared.Capability;

    public IReadOnlyList<string> Check(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (store.Options.ValueKind == JsonValueKind.Object && store.Options.TryGetProperty("environment", out var environment) && environment.ValueKind == JsonValueKind.String
            && !store.Options.TryGetProperty("repository", out _)) return [$"{Root}.environment needs {Root}.repository, whose environment it is"];
        return declared.Check(Adapted(store));
    }

    public IEnumerable<string> Unused(StoreDescription store) => declared.Unused(Adapted(store));

    public Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return declared.OpenAsync(context with { Store = Adapted(context.Store) }, cancellationToken);
    }

    /// <summary>The address of the API; what is no address stays as it is, and is told.</summary>
    internal static string ApiOf(string? url)
    {
        if (string.IsNullOrEmpty(url)) return Public;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address)) return url;
        if (address.Host is "github.com" or "www.github.com") return Public;
        var start = url.TrimEnd('/');
        var isApi = address.Host.StartsWith("api.", StringComparison.OrdinalIgnoreCase) || address.Host.Contains(".api.", StringComparison.OrdinalIgnoreCase) || start.EndsWith("/api/v3", StringComparison.Ordinal);
        return isApi ? start : start + "/api/v3";
    }

    private static StoreDescription Adapted(StoreDescription store)
    {
        if (store.Options.ValueKind != JsonValueKind.Object) return store;
        var url = store.Options.TryGetProperty("url", out var field) ? field : default;
        if (url.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String)) return store;
        var options = JsonNode.Parse(store.Options.GetRawText())!.AsObject();
        options["url"] = ApiOf(url.ValueKind == JsonValueKind.String ? url.GetString() : null);
        return store with { Options = JsonElement.Parse(options.ToJsonString()) };
    }
}
