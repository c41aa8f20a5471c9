using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Json;
using GitOpsSecrets.Providers.Vault;

namespace GitOpsSecrets.Providers.Generators.Vault;

/// <summary>
/// What a path of Vault answers, which for most engines are credentials made for the question, under a lease
/// (https://developer.hashicorp.com/vault/docs/concepts/lease). They end with the lease, and with the token that they were taken with: so that token is not
/// revoked here, and whichever end is the earlier is told, so that the caller asks anew before. Taking them back revokes the lease.
/// </summary>
public sealed class VaultDynamicSecretGenerator : ICleanUp
{
    private const string LeaseId = "lease_id";
    private readonly VaultProvider vault = new();

    public string Kind => GeneratorKinds.VaultDynamicSecret;

    public IReadOnlyList<string> Check(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Check(request.Spec, GeneratorJson.Default.VaultDynamicSecretSpec, spec => Problems(request, spec));
    }

    public IEnumerable<string> Unused(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Unused(request.Spec, GeneratorJson.Default.VaultDynamicSecretSpec, spec => UnusedOf(spec, request.Namespace));
    }

    public async Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var spec = GeneratorSpec.Read(request.Spec, GeneratorJson.Default.VaultDynamicSecretSpec, read => Problems(request, read));
        try
        {
            var session = await vault.ConnectAsync(ContextOf(request, spec), spec.Provider, cancellationToken, keepsToken: true).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                using var answer = await session.SendAsync(CallOf(spec), cancellationToken).ConfigureAwait(false);
                return ValuesOf(spec, answer, request.Time.GetUtcNow(), session.EndsAt);
            }
        }
        catch (ProviderException failure)
        {
            throw InSpec(failure);
        }
    }

    /// <summary>Revokes the lease. Where the policy of the token does not allow that, the lease ends by itself.</summary>
    public async Task CleanUpAsync(GeneratorRequest request, JsonElement state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (JsonMembers.Member(state, LeaseId) is not { ValueKind: JsonValueKind.String } lease) return;
        var spec = GeneratorSpec.Read(request.Spec, GeneratorJson.Default.VaultDynamicSecretSpec, read => Problems(request, read));
        var body = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { [LeaseId] = lease.GetString() }, VaultJson.Default.JsonObject);
        try
        {
            var session = await vault.ConnectAsync(ContextOf(request, spec), spec.Provider, cancellationToken).ConfigureAwait(false);
            await using (session.ConfigureAwait(false)) await RevokeAsync(session, body, cancellationToken).ConfigureAwait(false);
        }
        catch (ProviderException failure)
        {
            throw InSpec(failure);
        }
    }

    private static async Task RevokeAsync(VaultSession session, byte[] body, CancellationToken cancellationToken)
    {
        try
        {
            (await session.SendAsync(new(HttpMethod.Put, "sys/leases/revoke", "RevokeLease") { Body = body }, cancellationToken).ConfigureAwait(false)).Dispose();
        }
        catch (ProviderException failure) when (failure.Kind is ProviderFailureKind.Denied or ProviderFailureKind.Invalid)
        {
            // Gone already, or not ours to revoke.
        }
    }

    private static IEnumerable<string> Problems(GeneratorRequest request, VaultDynamicSecretSpec spec)
    {
        if (spec.Path.Trim('/').Length == 0) yield return "spec.path is required";
        if (spec.ResultType is not (null or "" or "Data" or "Auth" or "Raw")) yield return $"spec.resultType \"{spec.ResultType}\" is none of Data, Auth and Raw";
        if (spec.Parameters is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined) }) yield return "spec.parameters is not an object";
        foreach (var problem in VaultRules.Problems(StoreOf(request), spec.Provider)) yield return InSpec(problem);
    }

    private static IEnumerable<string> UnusedOf(VaultDynamicSecretSpec spec, string @namespace)
    {
        var (reads, writes) = (spec.Method is null or "" or "GET", spec.Method is not (null or "" or "GET" or "LIST" or "DELETE"));
        // As in the original, what is none of these writes.
        if (writes && spec.Method is not ("POST" or "PUT")) yield return "spec.method";
        if (!reads && spec.GetParameters is { Count: > 0 }) yield return "spec.getParameters";
        if (!writes && spec.Parameters is { ValueKind: JsonValueKind.Object }) yield return "spec.parameters";
        // The next three are for keys and values. v2 is not told: the original's definition fills it in everywhere.
        if (!string.IsNullOrEmpty(spec.Provider.Path)) yield return "spec.provider.path";
        if (spec.Provider.Version == "v1") yield return "spec.provider.version";
        if (spec.Provider.CheckAndSet is not null) yield return "spec.provider.checkAndSet";
        foreach (var field in VaultRules.Unused(spec.Provider, @namespace)) yield return InSpec(field);
    }

    private static StoreContext ContextOf(GeneratorRequest request, VaultDynamicSecretSpec spec) => new(
        StoreOf(request),
        request.Cluster,
        request.Http,
        request.Calls,
        spec.RetrySettings is { } retry ? new RetrySettings(retry.MaxRetries, retry.RetryInterval?.Value) : null,
        request.Time);

    /// <summary>Of the caller's namespace, so that no reference of a ClusterGenerator leads out of it.</summary>
    private static StoreDescription StoreOf(GeneratorRequest request) => new(GeneratorKinds.VaultDynamicSecret, "generator", request.Namespace, request.Spec);

    private static VaultCall CallOf(VaultDynamicSecretSpec spec)
    {
        var path = VaultPaths.Plain(spec.Path);
        return spec.Method switch
        {
            null or "" or "GET" => new(HttpMethod.Get, path + Query(spec.GetParameters), "ReadSecretData"),
            "LIST" => new(HttpMethod.Get, path + "?list=true", "ListSecrets"),
            "DELETE" => new(HttpMethod.Delete, path, "DeleteSecret"),
            _ => new(HttpMethod.Put, path, "WriteSecretData") { Body = Encoding.UTF8.GetBytes(spec.Parameters is { ValueKind: JsonValueKind.Object } parameters ? parameters.GetRawText() : "{}") },
        };
    }

    private static string Query(SortedDictionary<string, IReadOnlyList<string>>? parameters)
    {
        var fields = (parameters ?? []).SelectMany(parameter => parameter.Value.Select(value => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(value)}"));
        var query = string.Join('&', fields);
        return query.Length == 0 ? "" : "?" + query;
    }

    private static Generated ValuesOf(VaultDynamicSecretSpec spec, VaultAnswer answer, DateTimeOffset now, DateTimeOffset? tokenEnd)
    {
        if (!answer.IsFound || answer.Root.ValueKind != JsonValueKind.Object)
            return spec.AllowEmptyResponse == true ? new Generated(new SecretValues()) : throw new ProviderException(ProviderFailureKind.Invalid, "unable to get dynamic secret: empty response from Vault");
        var part = spec.ResultType switch { "Auth" => JsonMembers.Member(answer.Root, "auth"), "Raw" => answer.Root, _ => answer.Data };
        var values = new SecretValues();
        if (part.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in part.EnumerateObject()) values.Set(member.Name, VaultDocument.Text(member.Value));
        }
        var lease = JsonMembers.Member(answer.Root, LeaseId) is { ValueKind: JsonValueKind.String } id && id.GetString() is { Length: > 0 } named ? named : null;
        var end = Earlier(EndOf(answer.Root, now), EndOf(JsonMembers.Member(answer.Root, "auth"), now));
        // What is under no lease does not end with the token.
        if (lease is not null) end = Earlier(end, tokenEnd);
        return new Generated(values, lease is null ? null : StateOf(lease), end);
    }

    private static JsonElement StateOf(string lease)
    {
        using var document = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { [LeaseId] = lease }, VaultJson.Default.JsonObject));
        return document.RootElement.Clone();
    }

    private static DateTimeOffset? EndOf(JsonElement holder, DateTimeOffset now) =>
        JsonMembers.Member(holder, "lease_duration") is { ValueKind: JsonValueKind.Number } seconds && seconds.TryGetInt64(out var count) && count is > 0 and < int.MaxValue ? now.AddSeconds(count) : null;

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;

    private static ProviderException InSpec(ProviderException failure) => new(failure.Kind, InSpec(failure.Message), failure) { RetryAfter = failure.RetryAfter };

    /// <summary>A store's message, with the fields as a generator has them.</summary>
    private static string InSpec(string message) => message.Replace(VaultRules.Root, "spec.provider", StringComparison.Ordinal);
}
