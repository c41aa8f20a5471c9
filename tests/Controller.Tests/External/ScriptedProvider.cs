using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>A store that a test writes, breaks and counts. Options: <c>{"credential":"NAME","namespace":"NS","as":"PREFIX"}</c>; the credential Secret's key <c>user</c> is put before every key.</summary>
internal sealed class ScriptedProvider : IProvider
{
    private int opened;
    private int validated;

    public ConcurrentDictionary<string, string> Values { get; } = new();

    /// <summary>A key that nobody may read.</summary>
    public volatile string? Denied;

    /// <summary>Every key that was asked for; of keys that were asked for together, all with a plus between them.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>What it makes a mistake in, and which: <c>open</c>, <c>validate</c>, <c>request KEY</c>, <c>fetch KEY</c> or <c>value</c>.</summary>
    public ConcurrentDictionary<string, Exception> Mistakes { get; } = new();

    /// <summary>Throws in place of an answer.</summary>
    public ProviderException? Failure { get; set; }

    /// <summary>Throws in place of the answers to these keys.</summary>
    public ConcurrentDictionary<string, ProviderException> Failures { get; } = new();

    /// <summary>Answers wait for this.</summary>
    public volatile Task Hold = Task.CompletedTask;

    /// <summary>The answers to these keys wait, each for its own; and whether a store is well, of which <c>validate NAME</c> is the key.</summary>
    public ConcurrentDictionary<string, Task> Holds { get; } = new();

    public volatile StoreValidity Validity = StoreValidity.Valid;

    public int Opened => Volatile.Read(ref opened);

    /// <summary>How often it was asked whether a store is well.</summary>
    public int Validated => Volatile.Read(ref validated);

    public bool IsMaintained { get; set; } = true;

    /// <summary>Whether two keys can be asked for at once.</summary>
    public bool Batches { get; init; }

    public string Name => "scripted";

    public StoreCapability Capability => StoreCapability.ReadOnly;

    public IReadOnlyList<string> Check(StoreDescription store) => store.Options.TryGetProperty("wrong", out _) ? ["provider.scripted.wrong is wrong"] : [];

    public IEnumerable<string> Unused(StoreDescription store) => store.Options.TryGetProperty("idle", out _) ? ["spec.provider.scripted.idle"] : [];

    public async Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref opened);
        Err("open");
        var options = context.Store.Options;
        var user = "";
        if (options.TryGetProperty("credential", out var credential))
        {
            var ns = options.TryGetProperty("namespace", out var named) ? named.GetString() : null;
            user = Encoding.UTF8.GetString(await context.Cluster.ReadSecretKeyAsync(ns, credential.GetString()!, "user", cancellationToken)) + "/";
        }
        return Batches ? new BatchSource(this, user, context.Store.Name) : new Source(this, user, context.Store.Name);
    }

    private void Err(string place)
    {
        if (Mistakes.TryGetValue(place, out var mistake)) throw mistake;
    }

    private class Source(ScriptedProvider provider, string user, string name) : IValidate, IFind
    {
        public RemoteRequest RequestFor(RemoteReference reference)
        {
            provider.Err("request " + reference.Key);
            return RemoteRequest.Whole(reference);
        }

        public async Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
        {
            await AnswerAsync(user + request.Key, cancellationToken);
            provider.Err("fetch " + request.Key);
            return IsDenied(request) ? throw Denial : Read(request);
        }

        public async Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken)
        {
            await AnswerAsync("find " + request.Name, cancellationToken);
            var found = new SecretValues();
            foreach (var (key, value) in provider.Values) if (key.StartsWith(request.Name ?? "", StringComparison.Ordinal)) found.Set(key, Encoding.UTF8.GetBytes(value));
            return found;
        }

        public async Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref provider.validated);
            provider.Err("validate");
            if (provider.Holds.TryGetValue("validate " + name, out var hold)) await hold.WaitAsync(cancellationToken);
            return provider.Validity;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        protected static ProviderException Denial => new(ProviderFailureKind.Denied, "nobody may read this");

        protected async Task AnswerAsync(string call, CancellationToken cancellationToken)
        {
            provider.Calls.Enqueue(call);
            await provider.Hold.WaitAsync(cancellationToken);
            if (provider.Holds.TryGetValue(call, out var hold)) await hold.WaitAsync(cancellationToken);
            if ((provider.Failure ?? provider.Failures.GetValueOrDefault(call)) is { } failure) throw failure;
        }

        protected bool IsDenied(RemoteRequest request) => request.Key == provider.Denied;

        protected Text? Read(RemoteRequest request) => provider.Values.TryGetValue(user + request.Key, out var value) ? new Text(Encoding.UTF8.GetBytes(value), provider.Err) : null;
    }

    private sealed class BatchSource(ScriptedProvider provider, string user, string name) : Source(provider, user, name), IBatchFetch
    {
        public int BatchSize => 2;

        public async Task<IReadOnlyDictionary<RemoteRequest, FetchOutcome>> FetchManyAsync(IReadOnlyCollection<RemoteRequest> requests, CancellationToken cancellationToken)
        {
            await AnswerAsync(string.Join('+', requests.Select(request => request.Key).Order(StringComparer.Ordinal)), cancellationToken);
            return requests.ToDictionary(request => request, request => IsDenied(request) ? FetchOutcome.Failed(Denial) : FetchOutcome.Of(Read(request)));
        }
    }

    internal sealed class Text(byte[] value, Action<string>? err = null) : RemoteSecret
    {
        public override long Size => value.Length;

        public override byte[]? Value(string? property)
        {
            err?.Invoke("value");
            if (property is null) return [.. value];
            using var document = JsonDocument.Parse(value);
            return document.RootElement.TryGetProperty(property, out var found)
                ? Encoding.UTF8.GetBytes(found.ToString())
                : throw new ProviderException(ProviderFailureKind.Invalid, $"key {property} does not exist");
        }

        public override SecretValues? Values(string? property)
        {
            var values = new SecretValues();
            using var document = JsonDocument.Parse(value);
            foreach (var member in document.RootElement.EnumerateObject()) values.Set(member.Name, Encoding.UTF8.GetBytes(member.Value.ToString()));
            return values;
        }

        protected override void Dispose(bool disposing) => Array.Clear(value);
    }
}
