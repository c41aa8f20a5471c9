using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Declared;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Values;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.External;

/// <summary>Stores and generators that are at hand, opened when they are used, each once for a namespace.</summary>
/// <param name="objects">Where stores, generators and their credentials are.</param>
/// <param name="own">Stores of the operator's own.</param>
/// <param name="time">The clock.</param>
internal sealed class StoresAtHand(ObjectLookup objects, OwnDefinitions own, TimeProvider time) : IStoreReader, IGeneratorReader, IAsyncDisposable
{
    private readonly Dictionary<(string Kind, string? Namespace, string Name, string Caller), StoreAtHand> _open = [];
    private readonly ProviderCatalog _providers = Catalog.Providers(own);

    public IProviderHttp Http { get; } = new ProviderHttp(new ProviderHttpOptions(), time);

    public ICallObserver Calls { get; } = new UnobservedCalls();

    /// <summary>A collector of what ExternalSecrets refer to.</summary>
    public ValueCollector Collector() => new(this, new GeneratorRunner(this, Catalog.Generators(), Http, Calls, time), new EntryRules(time));

    public IStoreCluster ClusterOf(string @namespace) => new StoreSurroundings(objects, Given(@namespace), null, time);

    public async Task<IStoreReading> OpenAsync(SecretStoreRef reference, string @namespace, FetchWindow window, CancellationToken cancellationToken)
    {
        var kind = reference.EffectiveKind == ClusterSecretStore.ClusterSecretStoreKind ? ObjectKind.ClusterSecretStore : ObjectKind.SecretStore;
        var name = reference.Name ?? "";
        var key = (kind.Name, kind.IsNamespaced ? @namespace : null, name, @namespace);
        if (_open.TryGetValue(key, out var known)) return known;
        try
        {
            var found = await objects.FindAsync(kind, @namespace, name, cancellationToken) ?? throw new ValuesException($"{kind} \"{name}\" not found{objects.Remedy}");
            var spec = kind.IsNamespaced ? Read(found, ApiJson.Compact.SecretStore).Spec : Read(found, ApiJson.Compact.ClusterSecretStore).Spec;
            if (!kind.IsNamespaced) await RequireAdmissionAsync(spec, name, @namespace, cancellationToken);
            return _open[key] = new StoreAtHand(await OpenAsync(kind, name, @namespace, spec, cancellationToken));
        }
        catch (ProviderException failure)
        {
            throw new ValuesException($"could not use {kind} \"{name}\": {failure.Message}", failure.Kind);
        }
        catch (KubeStatusException failure)
        {
            throw new ValuesException($"could not get {kind} \"{name}\": {failure.Message}", ProviderFailureKind.Denied);
        }
    }

    public async Task<NamedGenerator> ReadAsync(GeneratorRef reference, string @namespace, CancellationToken cancellationToken)
    {
        try
        {
            return reference.Kind == GeneratorKinds.ClusterGenerator
                ? NamedGenerator.Of(reference, Read(await FindAsync(ObjectKind.ClusterGenerator), ApiJson.Compact.ClusterGenerator), @namespace)
                : NamedGenerator.Of(reference, Read(await FindAsync(ObjectKind.Generator(reference.Kind)), ApiJson.Compact.Generator), @namespace);
        }
        catch (KubeStatusException failure)
        {
            throw new ValuesException($"error using generator: {reference.Kind} \"{reference.Name}\": {failure.Message}", ProviderFailureKind.Denied);
        }

        async Task<ManifestObject> FindAsync(ObjectKind kind) =>
            await objects.FindAsync(kind, @namespace, reference.Name, cancellationToken)
                ?? throw new ValuesException($"error using generator: {reference.Kind} \"{reference.Name}\" not found{objects.Remedy}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _open.Values) await store.CloseAsync();
    }

    private async Task<ISecretSource> OpenAsync(ObjectKind kind, string name, string @namespace, SecretStoreSpec spec, CancellationToken cancellationToken)
    {
        if (spec.Provider is not { Name: { } providerName } block) throw new ProviderException(ProviderFailureKind.Invalid, "spec.provider must have exactly one provider");
        var provider = _providers.Find(providerName) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"spec.provider.{providerName} is no provider that this program knows");
        var description = new StoreDescription(kind.Name, name, kind.IsNamespaced ? @namespace : null, block.Options);
        if (provider.Check(description) is { Count: > 0 } problems) throw new ProviderException(ProviderFailureKind.Invalid, string.Join("; ", problems));
        var surroundings = new StoreSurroundings(objects, kind.IsNamespaced ? @namespace : null, @namespace, time);
        var retry = spec.RetrySettings is { } settings ? new Providers.RetrySettings(settings.MaxRetries, settings.RetryInterval?.Value) : null;
        return await provider.OpenAsync(new StoreContext(description, surroundings, Http, Calls, retry, time), cancellationToken);
    }

    private async Task RequireAdmissionAsync(SecretStoreSpec spec, string name, string @namespace, CancellationToken cancellationToken)
    {
        var labels = spec.Conditions?.Any(condition => condition.NamespaceSelector is not null) == true
            ? await objects.FindAsync(ObjectKind.Namespace, null, @namespace, cancellationToken) is { } found ? Read(found, ApiJson.Compact.Secret).Metadata.Labels ?? [] : null
            : null;
        if (!StoreConditions.Admit(spec.Conditions, @namespace, () => labels))
            throw new ValuesException($"using cluster store \"{name}\" is not allowed from namespace \"{@namespace}\": denied by spec.condition");
    }

    private static T Read<T>(ManifestObject source, JsonTypeInfo<T> type)
    {
        try
        {
            return source.Node.Deserialize(type)!;
        }
        catch (JsonException failure)
        {
            throw new ValuesException($"{source}: {failure.Message}");
        }
    }

    private static string? Given(string text) => text.Length == 0 ? null : text;
}
