using System.Security.Cryptography;
using System.Text.Json;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Providers.Generators;

namespace GitOpsSecrets.Providers.Values;

/// <summary>Runs what a <c>generatorRef</c> names, in the namespace of whoever names it.</summary>
public sealed class GeneratorRunner(IGeneratorReader reader, GeneratorCatalog catalog, IProviderHttp http, ICallObserver calls, TimeProvider time)
{
    /// <returns>The values, the caller's to dispose; and what has to be remembered, if anything has.</returns>
    /// <exception cref="ValuesException">There is no such generator, or it failed.</exception>
    public async Task<GeneratorRun> GenerateAsync(GeneratorRef reference, string @namespace, CancellationToken cancellationToken)
    {
        if (reference.EffectiveApiVersion != ExternalSecretNames.GeneratorGroupVersion)
            throw new ValuesException($"error using generator: apiVersion {reference.ApiVersion} of {reference.Kind} \"{reference.Name}\" is none of generators: it must be {ExternalSecretNames.GeneratorGroupVersion}");
        var named = await reader.ReadAsync(reference, @namespace, cancellationToken).ConfigureAwait(false);
        var generator = catalog.Find(named.Kind) ?? throw new ValuesException($"error using generator: {named.Kind} is no generator that this controller knows");
        using var random = RandomNumberGenerator.Create();
        var request = new GeneratorRequest(@namespace, named.Spec, reader.ClusterOf(@namespace), http, calls, time, random);
        if (generator.Check(request) is { Count: > 0 } problems) throw new ValuesException($"error using generator: {string.Join("; ", problems)}");
        try
        {
            // Its values go on to the caller, so it is not disposed here.
            var generated = await generator.GenerateAsync(request, cancellationToken).ConfigureAwait(false);
            var state = generated.State is { } left ? new GeneratedState(reference, named.Resource, left) : null;
            return new GeneratorRun(generated.Values, state, new UsedGenerator(reference, named.Generation))
            {
                ExpiresAt = generated.ExpiresAt,
                Unused = [.. generator.Unused(request).Concat(generated.Unused).Select(named.InManifest)],
            };
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
        await generator.CleanUpAsync(new GeneratorRequest(@namespace, spec, reader.ClusterOf(@namespace), http, calls, time, random), state, cancellationToken).ConfigureAwait(false);
    }
}
