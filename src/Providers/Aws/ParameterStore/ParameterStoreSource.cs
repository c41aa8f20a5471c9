using Amazon.SimpleSystemsManagement.Model;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Aws.ParameterStore;

/// <summary>The parameters of one account and region, with one identity.</summary>
internal sealed class ParameterStoreSource(AwsConnection connection, ParameterClient parameters, ParameterStorePush push, string prefix) : IBatchFetch, IFind, IPush, IValidate
{
    public int BatchSize => ParameterClient.BatchSize;

    public RemoteRequest RequestFor(RemoteReference reference) => RemoteRequest.Whole(reference);

    public async Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        if (request.FetchMetadata) return await FetchTagsAsync(request.Key, cancellationToken).ConfigureAwait(false);
        return await parameters.GetAsync(NameOf(request), cancellationToken).ConfigureAwait(false) is { } parameter ? SecretOf(request.Key, parameter) : null;
    }

    public async Task<IReadOnlyDictionary<RemoteRequest, FetchOutcome>> FetchManyAsync(IReadOnlyCollection<RemoteRequest> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var byName = requests.Where(request => !request.FetchMetadata).DistinctBy(NameOf).ToDictionary(NameOf, StringComparer.Ordinal);
        var outcomes = byName.Count > 1 ? await FetchBatchAsync(byName, cancellationToken).ConfigureAwait(false) : [];
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
        if (request.Name is null && request.Tags.Count == 0) throw new ProviderException(ProviderFailureKind.Invalid, "a search in AWS Parameter Store needs find.name or find.tags");
        var pattern = request.ParseName();
        return await SecretValues.CollectAsync(async found =>
        {
            if (request.Tags.Count == 0 && await TryFindByPathAsync(found, request.Path, name => pattern!.IsMatch(name), cancellationToken).ConfigureAwait(false)) return;
            var names = await parameters.NamesAsync(request.Path, request.Tags, cancellationToken).ConfigureAwait(false);
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

    private string NameOf(RemoteRequest request) => string.IsNullOrEmpty(request.Version) ? prefix + request.Key : $"{prefix}{request.Key}:{request.Version}";

    private static JsonSecret SecretOf(string key, Parameter parameter) => new(key, ParameterClient.ValueOf(parameter), PropertyOrder.DottedNameFirst);

    private async Task<RemoteSecret?> FetchTagsAsync(string key, CancellationToken cancellationToken) =>
        await parameters.TagsAsync(prefix + key, cancellationToken).ConfigureAwait(false) is { } tags ? JsonSecret.OfStrings(key, tags, PropertyOrder.DottedNameFirst) : null;

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

    /// <summary>What a batch says for sure; the rest (a version that is not there, an ARN, a batch that is denied for one of its names) is left for single calls.</summary>
    private async Task<Dictionary<RemoteRequest, FetchOutcome>> FetchBatchAsync(Dictionary<string, RemoteRequest> byName, CancellationToken cancellationToken)
    {
        var outcomes = new Dictionary<RemoteRequest, FetchOutcome>();
        if (await BatchAsync(byName.Keys, cancellationToken).ConfigureAwait(false) is not { } answer) return outcomes;
        // "Selector" is the colon and what stood behind it. What leaves it out, as some do that stand in for AWS, says it of no version, so that one without may be any that has no answer yet.
        var told = (answer.Parameters ?? []).Where(parameter => !string.IsNullOrEmpty(parameter.Selector)).Select(parameter => parameter.Name + parameter.Selector).Concat(answer.InvalidParameters ?? []).ToHashSet(StringComparer.Ordinal);
        foreach (var parameter in answer.Parameters ?? [])
        {
            if (string.IsNullOrEmpty(parameter.Selector) && byName.Keys.Any(name => name.StartsWith(parameter.Name + ':', StringComparison.Ordinal) && !told.Contains(name))) continue;
            if (byName.TryGetValue(parameter.Name + parameter.Selector, out var request) && !outcomes.ContainsKey(request)) outcomes[request] = FetchOutcome.Of(SecretOf(request.Key, parameter));
        }
        foreach (var invalid in answer.InvalidParameters ?? [])
        {
            if (byName.TryGetValue(invalid ?? "", out var request) && string.IsNullOrEmpty(request.Version)) outcomes[request] = FetchOutcome.Absent;
        }
        return outcomes;
    }

    private async Task<GetParametersResponse?> BatchAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        try
        {
            return await parameters.GetManyAsync(names, cancellationToken).ConfigureAwait(false);
        }
        catch (ProviderException failure) when (failure.Kind is ProviderFailureKind.Denied or ProviderFailureKind.Invalid)
        {
            return null;
        }
    }

    /// <returns><c>false</c> when this way is denied: what may be described may perhaps still be read one by one.</returns>
    private async Task<bool> TryFindByPathAsync(SecretValues found, string? path, Func<string, bool> matches, CancellationToken cancellationToken)
    {
        try
        {
            await parameters.ByPathAsync(string.IsNullOrEmpty(path) ? "/" : path, parameter => Add(found, parameter, matches), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ProviderException failure) when (failure.Kind == ProviderFailureKind.Denied)
        {
            return false;
        }
    }

    private async Task AddAsync(SecretValues found, string[] names, CancellationToken cancellationToken)
    {
        var answer = await BatchAsync(names, cancellationToken).ConfigureAwait(false);
        foreach (var parameter in answer?.Parameters ?? []) Add(found, parameter, _ => true);
        // What is said to be invalid was deleted since it was listed; what nothing is said of is asked for by itself.
        foreach (var name in names.Except((answer?.Parameters ?? []).Select(parameter => parameter.Name)).Except(answer?.InvalidParameters ?? []))
        {
            if (await parameters.GetAsync(name, cancellationToken).ConfigureAwait(false) is { } parameter) Add(found, parameter, _ => true);
        }
    }

    private static void Add(SecretValues found, Parameter parameter, Func<string, bool> matches)
    {
        if (parameter.Name is { } name && matches(name)) found.Set(name, ParameterClient.ValueOf(parameter));
    }
}
