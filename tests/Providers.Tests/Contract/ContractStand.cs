using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Tests.Contract;

/// <summary>One kind of store, ready to be tried: what stands behind it, how it is filled, and what it cannot do.</summary>
internal abstract class ContractStand : IAsyncDisposable
{
    public const string Namespace = "team-a";

    // One for the life of the stand, since a provider may keep something across the stores that it opens.
    private readonly ProviderCatalog catalog = Catalog.Providers();

    /// <summary>The member of <c>spec.provider</c>.</summary>
    public abstract string Name { get; }

    public MemoryCluster Cluster { get; } = new(Namespace);

    public CallLog Calls { get; } = new();

    public ProviderHttpOptions Http { get; init; } = new() { MaxRetries = 1, RetryDelay = TimeSpan.Zero };

    /// <summary>Trusted where options cannot name an authority, as an operator would let the whole program trust one; null trusts the system's.</summary>
    public X509Certificate2Collection? Authorities { get; protected set; }

    public virtual IProvider Provider => catalog.Find(Name)!;

    /// <summary>A value to be asked for where no answer will be one.</summary>
    public virtual RemoteReference Any => new("credentials", "password");

    /// <summary>Whether there is a server that could misbehave.</summary>
    public virtual bool HasServer => true;

    /// <summary>Where the simulator is, so that a test can stand between it and the store; null when there is none.</summary>
    public virtual Uri? Server => null;

    /// <summary>What cannot be shown of this store when it is in trouble, and why: the one place that says so.</summary>
    public virtual IReadOnlyDictionary<TroubleFact, string> Exempt => HasServer
        ? new Dictionary<TroubleFact, string>()
        : Enum.GetValues<TroubleFact>().ToDictionary(fact => fact, _ => "there is no server behind this store");

    /// <summary>Whether a missing property is taken for a missing secret.</summary>
    public virtual bool MissingPropertyIsMissingSecret => false;

    /// <summary>Whether a secret that is not there is a failure, since one that may not be seen looks the same; nothing is then deleted for its absence.</summary>
    public virtual bool MissingIsFailure => false;

    /// <summary>Whether a search finds secrets by their names, rather than what is in them.</summary>
    public virtual bool FindsSecrets => true;

    /// <summary>Whether any 404 says that a secret is not there, since the server is the author's own.</summary>
    public virtual bool EveryNotFoundIsMissing => !HasServer;

    /// <summary>Whether the body of an answer is the value, so that nothing in it can show that another server answered.</summary>
    public virtual bool AnyAnswerIsAValue => false;

    /// <summary>Asks the store for something, so that its server is called.</summary>
    public virtual async Task AskAsync(ISecretSource source, CancellationToken cancellationToken)
    {
        using var secret = await source.FetchAsync(source.RequestFor(Any), cancellationToken);
        secret?.Value(Any.Property);
    }

    /// <summary>The options of a store that speaks to what stands behind this stand.</summary>
    public abstract JsonObject Options();

    /// <summary>The options of a store that speaks to another server, which answers whatever the test wants.</summary>
    public abstract JsonObject OptionsFor(Uri server, string authorityPem);

    /// <summary>Makes the remote side hold a secret of keys and values.</summary>
    public abstract Task PutAsync(string key, IReadOnlyDictionary<string, string> values);

    /// <summary>Where a <c>password</c> is read that <see cref="PutAsync"/> put there.</summary>
    public virtual RemoteReference Reference(string key) => new(key, "password");

    /// <summary>What is read there.</summary>
    public virtual string Shown(string value) => value;

    /// <summary>How many of the keys hold this value, pushed to a store out of which none is read; null for stores that are read.</summary>
    public virtual int? Kept(string value) => null;

    /// <summary>Requests that one use of the store takes, beside its login.</summary>
    public virtual int Steps => 2;

    /// <summary>Makes the remote side hold bytes that are no text; null when this store keeps text only.</summary>
    public virtual Task<RemoteReference?> PutBytesAsync(string key, byte[] bytes) => Task.FromResult<RemoteReference?>(null);

    /// <summary>Makes the remote side hold two versions of a secret; null when this store knows no versions.</summary>
    public virtual Task<(RemoteReference First, RemoteReference Second)?> PutVersionsAsync(string key, string first, string second) =>
        Task.FromResult<(RemoteReference, RemoteReference)?>(null);

    /// <summary>Makes the remote side hold a secret with a tag, or what the store has of that kind; null when it has none.</summary>
    /// <returns>Where the tag's value is read.</returns>
    public virtual Task<RemoteReference?> PutTaggedAsync(string key, IReadOnlyDictionary<string, string> values, string tag, string value) => Task.FromResult<RemoteReference?>(null);

    /// <summary>What a store says of itself while its server refuses it: to say it, some ask for a login alone, some ask nobody.</summary>
    public virtual StoreValidityKind ValidityWhenRefused => StoreValidityKind.Invalid;

    /// <summary>Ends the login that the cluster's Secrets hold, and puts another one there that the server lets in.</summary>
    public virtual Task RotateAsync() => throw new NotSupportedException("see Exempt");

    /// <summary>Where a pushed item goes, and how it is read back.</summary>
    public abstract (RemotePlace Place, RemoteReference Reference) Pushed(string key);

    /// <summary>What a pushed item's metadata must say; null where nothing.</summary>
    public virtual JsonElement? PushMetadata => null;

    public Task<ISecretSource> OpenAsync() => OpenAsync(Options());

    public Task<ISecretSource> OpenAsync(JsonNode options)
    {
        var store = Describe(options);
        Assert.Empty(Provider.Check(store));
        return OpenUncheckedAsync(store);
    }

    public Task<ISecretSource> OpenUncheckedAsync(StoreDescription store) =>
        Provider.OpenAsync(new StoreContext(store, Cluster, new ProviderHttp(Http with { Authorities = Authorities }, TimeProvider.System), Calls, null, TimeProvider.System), TestContext.Current.CancellationToken);

    public static StoreDescription Describe(JsonNode options) => new("SecretStore", "store", Namespace, JsonDocument.Parse(options.ToJsonString()).RootElement);

    public virtual ValueTask DisposeAsync() => default;

    /// <summary>Puts bytes there by pushing them, for stores that can be filled with text only otherwise.</summary>
    protected async Task PushAsync(RemotePlace place, byte[] bytes)
    {
        await using var source = await OpenAsync();
        using var item = new SecretValues();
        item.Set("item", [.. bytes]);
        var request = new PushRequest(place, item, "item", "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), null);
        await ((IPush)source).PushAsync(request, TestContext.Current.CancellationToken);
    }

    protected static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
