using System.Security.Cryptography;
using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Generators;

namespace GitOpsSecrets.Controller.External.Values;

/// <summary>Runs what a <c>generatorRef</c> names, in the namespace of whoever names it.</summary>
internal sealed class GeneratorRunner(KubeClient kube, GeneratorCatalog catalog, IProviderHttp http, ICallObserver calls, TimeProvider time)
{
    /// <returns>The values, the caller's to dispose; and what has to be remembered, if anything has.</returns>
    /// <exception cref="ValuesException">There is no such generator, or it failed.</exception>
    public async Task<(SecretValues Values, GeneratedState? State)> GenerateAsync(GeneratorRef reference, string @namespace, CancellationToken cancellationToken)
    {
        var (kind, spec, resource) = await ReadAsync(reference, @namespace, cancellationToken).ConfigureAwait(false);
        var generator = catalog.Find(kind) ?? throw new ValuesException($"error using generator: {kind} is no generator that this controller knows");
        using var random = RandomNumberGenerator.Create();
        var request = new GeneratorRequest(@namespace, spec, new StoreCluster(kube, @namespace, null, time), http, calls, time, random);
        if (generator.Check(request) is { Count: > 0 } problems) throw new ValuesException($"error using generator: {string.Join("; ", problems)}");
        try
        {
            // Its values go on to the caller, so it is not disposed here.
            var generated = await generator.GenerateAsync(request, cancellationToken).ConfigureAwait(false);
            return (generated.Values, generated.State is { } state ? new GeneratedState(reference, resource, state) : null);
        }
        catch (ProviderException failure)
        {
            throw new ValuesException($"error using generator: {failure.Message}", failure.Kind, failure.RetryAfter);
        }
    }

    /// <summary>Takes back what was generated.</summary>
    /// <exception cref="ProviderException">It could not.</exception>
    public async Task CleanUpAsync(JsonElement resource, JsonElement state, string @namespace, CancellationToken cancellationToken)
    {
        var kind = resource.TryGetProperty("kind", out var name) ? name.GetString() ?? "" : "";
        if (catalog.Find(kind) is not ICleanUp generator) return;
        var spec = resource.TryGetProperty("spec", out var written) ? written : default;
        using var random = RandomNumberGenerator.Create();
        await generator.CleanUpAsync(new GeneratorRequest(@namespace, spec, new StoreCluster(kube, @namespace, null, time), http, calls, time, random), state, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(string Kind, JsonElement Spec, JsonElement Resource)> ReadAsync(GeneratorRef reference, string @namespace, CancellationToken cancellationToken)
    {
        try
        {
            if (reference.Kind == GeneratorKinds.ClusterGenerator)
            {
                var cluster = await kube.FindAsync(ExternalKinds.ClusterGenerators, new NamespacedName("", reference.Name), cancellationToken).ConfigureAwait(false) ?? throw Missing(reference);
                var kind = cluster.Spec.Kind ?? throw new ValuesException($"error using generator: {reference.Kind} \"{reference.Name}\" names no kind");
                var options = cluster.Spec.Generator?.Name is null ? throw new ValuesException($"error using generator: {reference.Kind} \"{reference.Name}\" must have exactly one generator") : cluster.Spec.Generator.Options;
                return (kind, options, Snapshot(kind, reference.Name, @namespace, options));
            }
            var generator = await kube.FindAsync(ExternalKinds.Generators(reference.Kind), new NamespacedName(@namespace, reference.Name), cancellationToken).ConfigureAwait(false) ?? throw Missing(reference);
            var spec = generator.Spec ?? JsonDocument.Parse("{}").RootElement;
            return (reference.Kind, spec, Snapshot(reference.Kind, reference.Name, @namespace, spec));
        }
        catch (KubeApiException refused)
        {
            throw new ValuesException($"error using generator: {reference.Kind} \"{reference.Name}\" cannot be read: the API server answers {refused.Code} {refused.Reason}", ProviderFailureKind.Unavailable);
        }
    }

    /// <summary>The generator as it was, from which what it made can be taken back when it is gone.</summary>
    private static JsonElement Snapshot(string kind, string name, string @namespace, JsonElement spec) => JsonSerializer.SerializeToElement(
        new Generator { ApiVersion = ExternalSecretNames.GeneratorGroupVersion, Kind = kind, Metadata = new ObjectMeta { Name = name, Namespace = @namespace }, Spec = spec },
        ApiJson.Compact.Generator);

    private static ValuesException Missing(GeneratorRef reference) => new($"error using generator: {reference.Kind} \"{reference.Name}\" not found");
}
