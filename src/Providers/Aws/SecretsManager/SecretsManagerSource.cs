using System.Buffers;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Aws.SecretsManager;

/// <summary>The secrets of one account and region, with one identity.</summary>
internal sealed class SecretsManagerSource(AwsConnection connection, SecretsManagerClient secrets, SecretsManagerPush push, string prefix) : IBatchFetch, IFind, IPush, IValidate
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_+=.@!-:");

    // Once somebody's policy has said no to batches it will go on saying so for a while: single calls then, without asking.
    private static readonly TimeSpan WithoutBatches = TimeSpan.FromHours(1);
    private long noBatchesUntil;

    public int BatchSize => SecretsManagerClient.BatchSize;

    public RemoteRequest RequestFor(RemoteReference reference) => RemoteRequest.Whole(reference);

    public async Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        if (request.FetchMetadata) return await FetchTagsAsync(request.Key, cancellationToken).ConfigureAwait(false);
        using var answer = await secrets.GetAsync(prefix + request.Key, request.Version, cancellationToken).ConfigureAwait(false);
        return answer is null ? null : SecretOf(request.Key, answer.Root);
    }

    public async Task<IReadOnlyDictionary<RemoteRequest, FetchOutcome>> FetchManyAsync(IReadOnlyCollection<RemoteRequest> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        // Batches know current values only, and one name that cannot be one spoils the whole.
        var byId = requests.Where(request => string.IsNullOrEmpty(request.Version) && !request.FetchMetadata && IsName(prefix + request.Key)).ToDictionary(request => prefix + request.Key, StringComparer.Ordinal);
        var outcomes = byId.Count > 1 ? await FetchBatchAsync(byId, cancellationToken).ConfigureAwait(false) : [];
        try
        {
            foreach (var request in requests.Where(request => !outcomes.ContainsKey(request))) outcomes[request] = await FetchAloneAsync(request, cancellationToken).ConfigureAwait(false);
            return outcomes;
        }
        catch
        {
            foreach (var outcome in outcomes.Values) outcome.Secret?.Dispose();
            throw;
        }
    }

    public async Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Name is null && request.Tags.Count == 0) throw new ProviderException(ProviderFailureKind.Invalid, "a search in AWS Secrets Manager needs find.name or find.tags");
        var pattern = request.ParseName();
        var names = await secrets.ListAsync(request.Path, request.Tags, cancellationToken).ConfigureAwait(false);
        return await SecretValues.CollectAsync(async found =>
        {
            foreach (var chunk in names.Where(name => pattern is null || pattern.IsMatch(name)).Chunk(BatchSize)) await AddAsync(found, chunk, cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    public Task PushAsync(PushRequest request, CancellationToken cancellationToken) => push.PushAsync(request, cancellationToken);

    public Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken) => push.DeleteAsync(place, cancellationToken);

    public Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken) => push.ExistsAsync(place, cancellationToken);

    public Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken) => connection.ValidateAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        connection.Dispose();
        return default;
    }

    private static JsonSecret SecretOf(string key, JsonElement answer) => new(key, SecretsManagerClient.ValueOf(answer), PropertyOrder.DottedNameFirst);

    private async Task<RemoteSecret?> FetchTagsAsync(string key, CancellationToken cancellationToken)
    {
        using var described = await secrets.DescribeAsync(prefix + key, cancellationToken).ConfigureAwait(false);
        if (described is null || SecretsManagerClient.IsBeingDeleted(described.Root)) return null;
        return JsonSecret.OfStrings(key, SecretsManagerClient.TagsOf(described.Root), PropertyOrder.DottedNameFirst);
    }

    private async Task<FetchOutcome> FetchAloneAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return FetchOutcome.Of(await FetchAsync(request, cancellationToken).ConfigureAwait(false));
        }
        catch (ProviderException failure) when (failure.Kind is ProviderFailureKind.Denied or ProviderFailureKind.Invalid)
        {
            return FetchOutcome.Failed(failure);
        }
    }

    /// <summary>What a batch says for sure; what it does not mention (an address under another name, emulators' missing ones) is left for single calls.</summary>
    private async Task<Dictionary<RemoteRequest, FetchOutcome>> FetchBatchAsync(Dictionary<string, RemoteRequest> byId, CancellationToken cancellationToken)
    {
        var outcomes = new Dictionary<RemoteRequest, FetchOutcome>();
        using var answer = await BatchAsync(byId.Keys, cancellationToken).ConfigureAwait(false);
        if (answer is null) return outcomes;
        foreach (var value in AwsAnswer.Elements(answer.Root, "SecretValues"))
        {
            if (RequestOf(byId, value) is { } request && !outcomes.ContainsKey(request)) outcomes[request] = FetchOutcome.Of(SecretOf(request.Key, value));
        }
        foreach (var error in AwsAnswer.Elements(answer.Root, "Errors"))
        {
            if (JsonMembers.Text(error, "SecretId") is not { } id || !byId.TryGetValue(id, out var request)) continue;
            var code = JsonMembers.Text(error, "ErrorCode") ?? "";
            if (code == AwsErrors.NotFound) outcomes[request] = FetchOutcome.Absent;
            else if (AwsErrors.KindOf(code) is { } kind) outcomes[request] = FetchOutcome.Failed(new(kind, $"AWS/SecretsManager, asked to BatchGetSecretValue, gave error {code} for \"{id}\""));
        }
        return outcomes;
    }

    /// <summary>Null when batches are not to be had: a policy or an emulator does not know them, or one of the names spoils the whole.</summary>
    private async Task<AwsAnswer?> BatchAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        if (connection.Time.GetUtcNow().UtcTicks < Interlocked.Read(ref noBatchesUntil)) return null;
        try
        {
            var answer = await secrets.GetManyAsync(ids, cancellationToken).ConfigureAwait(false);
            if (answer.Error is null) return answer;
            Interlocked.Exchange(ref noBatchesUntil, (connection.Time.GetUtcNow() + WithoutBatches).UtcTicks);
            return null;
        }
        catch (ProviderException failure) when (failure.Kind is ProviderFailureKind.Denied or ProviderFailureKind.Invalid)
        {
            return null;
        }
    }

    private static bool IsName(string id) => id.Length is > 0 and <= 2048 && !id.AsSpan().ContainsAnyExcept(NameCharacters);

    private static RemoteRequest? RequestOf(Dictionary<string, RemoteRequest> byId, JsonElement value)
    {
        if (JsonMembers.Text(value, "Name") is { } name && byId.TryGetValue(name, out var named)) return named;
        return JsonMembers.Text(value, "ARN") is { } arn && byId.TryGetValue(arn, out var addressed) ? addressed : null;
    }

    private async Task AddAsync(SecretValues found, string[] names, CancellationToken cancellationToken)
    {
        var missing = names.ToHashSet(StringComparer.Ordinal);
        if (names.Length > 1)
        {
            using var answer = await BatchAsync(names, cancellationToken).ConfigureAwait(false);
            foreach (var value in answer is null ? [] : AwsAnswer.Elements(answer.Root, "SecretValues"))
            {
                if (JsonMembers.Text(value, "Name") is { } name && missing.Remove(name)) found.Set(name, SecretsManagerClient.ValueOf(value));
            }
        }
        foreach (var name in missing)
        {
            using var answer = await secrets.GetAsync(name, null, cancellationToken).ConfigureAwait(false);
            if (answer is not null) found.Set(name, SecretsManagerClient.ValueOf(answer.Root)); // otherwise deleted since it was listed
        }
    }
}
