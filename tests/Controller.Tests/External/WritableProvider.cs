using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>A store that is written. Every store of this kind has its own values, by its name.</summary>
internal sealed class WritableProvider : IProvider
{
    /// <summary>What lies there: <c>store/key</c>, or <c>store/key#property</c>.</summary>
    public ConcurrentDictionary<string, string> Values { get; } = new();

    /// <summary>Every write and removal, in order: <c>push store/key</c>, <c>delete store/key</c> and the metadata of the push.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Throws in place of a write to places that contain this.</summary>
    public volatile string? Broken;

    /// <summary>Makes a mistake in a write or removal of places that contain this.</summary>
    public volatile string? Mistaken;

    /// <summary>Writes wait for this.</summary>
    public volatile Task Hold = Task.CompletedTask;

    /// <summary>Throws in place of a removal.</summary>
    public volatile bool KeepsAll;

    /// <summary>Does not say what is there already.</summary>
    public volatile bool IsMute;

    /// <summary>Keeps a value a key, and no properties.</summary>
    public volatile bool IsFlat;

    /// <summary>The store of this name keeps the metadata of what is pushed.</summary>
    public volatile string? Keeper;

    /// <summary>Puts each value behind what is there, which it reads first.</summary>
    public volatile bool Adds;

    /// <summary>The stores of this name cannot be opened.</summary>
    public volatile string? Shut;

    public string Name => "writable";

    public StoreCapability Capability => StoreCapability.ReadWrite;

    public IReadOnlyList<string> Check(StoreDescription store) => [];

    public Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken) =>
        Shut == context.Store.Name ? throw new ProviderException(ProviderFailureKind.Unavailable, "nobody answers") : Task.FromResult<ISecretSource>(new Source(this, context.Store.Name));

    private void Err(string place)
    {
        if (Mistaken is { } mistaken && place.Contains(mistaken, StringComparison.Ordinal)) throw new InvalidOperationException("hunter2");
    }

    private sealed class Source(WritableProvider provider, string store) : IPush
    {
        public RemoteRequest RequestFor(RemoteReference reference) => RemoteRequest.Whole(reference);

        public Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken) => Task.FromResult<RemoteSecret?>(null);

        public async Task PushAsync(PushRequest request, CancellationToken cancellationToken)
        {
            if (provider.IsFlat) request.LeaveProperty();
            request.KeepsMetadata = provider.Keeper == store;
            var place = Place(request.Place);
            provider.Calls.Enqueue("push " + place);
            await provider.Hold.WaitAsync(cancellationToken);
            provider.Err(place);
            if (provider.Broken is { } broken && place.Contains(broken, StringComparison.Ordinal)) throw new ProviderException(ProviderFailureKind.Denied, "it is closed today");
            var before = provider.Adds ? provider.Values.GetValueOrDefault(place) : null;
            for (var i = 0; provider.Adds && i < 1_000; i++) await Task.Yield();
            provider.Values[place] = before + Encoding.UTF8.GetString(PushedValue.Of(request)) + Text(request.Metadata);
        }

        public Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken)
        {
            provider.Calls.Enqueue("delete " + Place(place) + Text(place.Metadata));
            provider.Err(Place(place));
            if (provider.KeepsAll) throw new ProviderException(ProviderFailureKind.Denied, "it keeps what it has");
            provider.Values.TryRemove(Place(place), out _);
            return Task.CompletedTask;
        }

        public Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken) =>
            provider.IsMute ? throw new ProviderException(ProviderFailureKind.Denied, "it does not say") : Task.FromResult(provider.Values.ContainsKey(Place(place)));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static string Text(JsonElement? metadata) => metadata is { } written ? " " + written.GetRawText() : "";

        private string Place(RemotePlace place) => $"{store}/{place.Key}{(place.Property is null || provider.IsFlat ? "" : "#" + place.Property)}";
    }
}
