using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Google;

/// <summary>
/// The REST API of Secret Manager (https://cloud.google.com/secret-manager/docs/reference/rest), of one project: global, or of one region, whose secrets
/// have a server of their own.
/// </summary>
internal sealed class SecretManagerClient(GoogleSession session, GoogleSurroundings surroundings, SecretNames names)
{
    public const string Latest = "latest";
    private const int PageSize = 250;
    private const int MostSecrets = 50_000;
    private static readonly string[] Absent = [GoogleAnswer.NotFound];
    private readonly Uri root = new(surroundings.Service("SECRETMANAGER", names.Location is null ? "secretmanager.googleapis.com" : $"secretmanager.{names.Location}.rep.googleapis.com"), "v1/");

    /// <returns>The payload, the caller's to zero; null when there is no such secret or version.</returns>
    /// <exception cref="ProviderException">Also for a version that is disabled or destroyed.</exception>
    public async Task<byte[]?> AccessAsync(string key, string version, CancellationToken cancellationToken)
    {
        var (payload, problem) = await TryAccessAsync(names.Version(key, version), cancellationToken).ConfigureAwait(false);
        return problem is null ? payload : throw new ProviderException(ProviderFailureKind.Invalid, $"version {version} of secret {key} is disabled or destroyed");
    }

    /// <summary>The latest version or, where that is disabled or destroyed, the newest that is enabled.</summary>
    /// <returns>The payload, the caller's to zero; null when there is no such secret, or it has no version.</returns>
    public async Task<byte[]?> AccessNewestAsync(string key, CancellationToken cancellationToken)
    {
        var (payload, problem) = await TryAccessAsync(names.Version(key, Latest), cancellationToken).ConfigureAwait(false);
        if (problem is null) return payload;
        var newest = await NewestEnabledAsync(key, cancellationToken).ConfigureAwait(false) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"no version of secret {key} is enabled");
        return (await TryAccessAsync(newest, cancellationToken).ConfigureAwait(false)).Payload;
    }

    /// <summary>What a push builds on.</summary>
    /// <returns>
    /// The payload of the latest version or, where that is disabled or destroyed, of the newest that is enabled, the caller's to zero; null when there is none. And
    /// whether it is the latest's.
    /// </returns>
    public async Task<(byte[]? Payload, bool IsLatest)> AccessAnyAsync(string key, CancellationToken cancellationToken)
    {
        var (payload, problem) = await TryAccessAsync(names.Version(key, Latest), cancellationToken).ConfigureAwait(false);
        if (problem is null) return (payload, payload is not null);
        return await NewestEnabledAsync(key, cancellationToken).ConfigureAwait(false) is { } newest ? ((await TryAccessAsync(newest, cancellationToken).ConfigureAwait(false)).Payload, false) : (null, false);
    }

    /// <returns>The name of the newest version that is enabled; null when none is, or there is no such secret.</returns>
    public async Task<string?> NewestEnabledAsync(string key, CancellationToken cancellationToken)
    {
        (string Name, DateTimeOffset Created)? newest = null;
        await foreach (var version in PagesAsync($"{names.Secret(key)}/versions", "versions", "state:ENABLED", "ListSecretVersions", cancellationToken).ConfigureAwait(false))
        {
            if (JsonMembers.Text(version, "state") is not (null or "ENABLED") || JsonMembers.Text(version, "name") is not { } name) continue;
            var created = DateTimeOffset.TryParse(JsonMembers.Text(version, "createTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : DateTimeOffset.MinValue;
            if (newest is null || created > newest.Value.Created) newest = ($"{names.Secret(key)}/versions/{SecretNames.KeyOf(name)}", created);
        }
        return newest?.Name;
    }

    /// <returns>What is said about a secret; null when it is not there. The caller's to dispose.</returns>
    public async Task<GoogleAnswer?> DescribeAsync(string key, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Get, names.Secret(key), "GetSecret", null, Absent, cancellationToken).ConfigureAwait(false);
        if (answer.IsOk && JsonMembers.Text(answer.Root, "name") is not null) return answer;
        using (answer)
        {
            return answer.IsOk ? throw Foreign("name") : null;
        }
    }

    /// <summary>The keys and labels of all secrets that a filter of Google's lets through.</summary>
    public async IAsyncEnumerable<(string Key, SortedDictionary<string, string> Labels)> ListAsync(string? filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var secret in PagesAsync($"{names.Parent}/secrets", "secrets", filter, "ListSecrets", cancellationToken).ConfigureAwait(false))
        {
            if (JsonMembers.Text(secret, "name") is { } name) yield return (SecretNames.KeyOf(name), GoogleAnswer.Map(secret, "labels"));
        }
    }

    public async Task<GoogleAnswer> CreateAsync(string key, JsonObject secret, CancellationToken cancellationToken)
    {
        _ = names.Secret(key);
        return await SendAsync(HttpMethod.Post, $"{names.Parent}/secrets?secretId={key}", "CreateSecret", GoogleJson.Bytes(secret), [], cancellationToken).ConfigureAwait(false);
    }

    /// <param name="mask">The fields that change, with commas.</param>
    public async Task UpdateAsync(string key, JsonObject secret, string mask, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Patch, $"{names.Secret(key)}?updateMask={mask}", "UpdateSecret", GoogleJson.Bytes(secret), [], cancellationToken).ConfigureAwait(false)).Dispose();

    public async Task AddVersionAsync(string key, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        using var body = new SecretBuffer();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("payload");
            writer.WriteBase64String("data", payload.Span);
            writer.WriteString("dataCrc32c", Checksum(payload.Span).ToString(CultureInfo.InvariantCulture));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        (await SendAsync(HttpMethod.Post, $"{names.Secret(key)}:addVersion", "AddSecretVersion", body.ToArray(), [], cancellationToken).ConfigureAwait(false)).Dispose();
    }

    /// <param name="etag">Of the secret as it was looked at: one that changed since stays.</param>
    public async Task DeleteAsync(string key, string? etag, CancellationToken cancellationToken)
    {
        var query = etag is null ? "" : "?etag=" + Uri.EscapeDataString(etag);
        (await SendAsync(HttpMethod.Delete, names.Secret(key) + query, "DeleteSecret", null, Absent, cancellationToken).ConfigureAwait(false)).Dispose();
    }

    private async Task<(byte[]? Payload, string? Problem)> TryAccessAsync(string version, CancellationToken cancellationToken)
    {
        string[] answers = [GoogleAnswer.NotFound, GoogleAnswer.FailedPrecondition];
        using var answer = await SendAsync(HttpMethod.Get, version + ":access", "AccessSecretVersion", null, answers, cancellationToken).ConfigureAwait(false);
        if (!answer.IsOk) return (null, answer.Status == GoogleAnswer.FailedPrecondition ? answer.Status : null);
        var payload = JsonMembers.Member(answer.Root, "payload");
        if (payload.ValueKind != JsonValueKind.Object) throw Foreign("payload");
        var data = JsonMembers.Member(payload, "data");
        var bytes = data.ValueKind switch { JsonValueKind.Undefined => [], JsonValueKind.String when data.TryGetBytesFromBase64(out var read) => read, _ => throw Foreign("payload.data") };
        if (JsonMembers.Text(payload, "dataCrc32c") is not { } stated || stated == Checksum(bytes).ToString(CultureInfo.InvariantCulture)) return (bytes, null);
        CryptographicOperations.ZeroMemory(bytes);
        throw new ProviderException(ProviderFailureKind.Unavailable, "the payload that Secret Manager sent does not fit its checksum");
    }

    private async IAsyncEnumerable<JsonElement> PagesAsync(
        string path, string member, string? filter, string operation, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? page = null;
        var count = 0;
        do
        {
            var query = $"?pageSize={PageSize}" + (filter is null ? "" : "&filter=" + Uri.EscapeDataString(filter)) + (page is null ? "" : "&pageToken=" + Uri.EscapeDataString(page));
            using var answer = await SendAsync(HttpMethod.Get, path + query, operation, null, Absent, cancellationToken).ConfigureAwait(false);
            if (!answer.IsOk) yield break;
            if (answer.Root.ValueKind != JsonValueKind.Object) throw Foreign(member);
            if (JsonMembers.Member(answer.Root, member) is { ValueKind: JsonValueKind.Array } items)
            {
                foreach (var item in items.EnumerateArray())
                {
                    if (++count > MostSecrets) throw new ProviderException(ProviderFailureKind.Invalid, $"there are more than {MostSecrets} {member}: narrow the search with find.path or find.tags");
                    yield return item;
                }
            }
            page = JsonMembers.Text(answer.Root, "nextPageToken");
        }
        while (!string.IsNullOrEmpty(page));
    }

    private Task<GoogleAnswer> SendAsync(HttpMethod method, string path, string operation, byte[]? body, IReadOnlyList<string> tolerated, CancellationToken cancellationToken) =>
        session.SendAsync(new GoogleCall(method, new Uri(root, path), operation) { Body = body, Tolerated = tolerated }, cancellationToken);

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var checksum = uint.MaxValue;
        foreach (var value in bytes) checksum = BitOperations.Crc32C(checksum, value);
        return ~checksum;
    }

    private static ProviderException Foreign(string field) => new(ProviderFailureKind.Invalid, $"the answer in the place of Secret Manager's has no {field}");
}
