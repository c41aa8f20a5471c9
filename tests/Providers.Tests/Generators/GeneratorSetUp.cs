using System.Text;
using System.Text.Json;
using GitOpsSecrets.Providers.Generators;
using GitOpsSecrets.Providers.Http;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Generators;

/// <summary>Runs a generator for a namespace, with chance that is the same in each run.</summary>
internal sealed class GeneratorSetUp(IGenerator generator, string @namespace = "team-a")
{
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public MemoryCluster Cluster { get; } = new(@namespace);

    public SequenceRandom Random { get; init; } = new(seed: 1);

    public IReadOnlyList<string> Check(string spec) => generator.Check(Request(spec));

    public Task<Generated> GenerateAsync(string spec) => generator.GenerateAsync(Request(spec), TestContext.Current.CancellationToken);

    /// <summary>Takes back what was generated.</summary>
    public Task CleanUpAsync(string spec, JsonElement state) => ((ICleanUp)generator).CleanUpAsync(Request(spec), state, TestContext.Current.CancellationToken);

    /// <summary>All values as text.</summary>
    public async Task<Dictionary<string, string>> TextsAsync(string spec)
    {
        using var generated = await GenerateAsync(spec);
        return generated.Values.Entries.ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetString(entry.Value), StringComparer.Ordinal);
    }

    /// <summary>Why nothing is generated; the check must have said the same.</summary>
    public async Task<string> RefusalAsync(string spec)
    {
        var refusal = await Assert.ThrowsAsync<ProviderException>(() => GenerateAsync(spec));
        Assert.Equal(ProviderFailureKind.Invalid, refusal.Kind);
        Assert.Equal(string.Join("; ", Check(spec)), refusal.Message);
        return refusal.Message;
    }

    private GeneratorRequest Request(string spec)
    {
        using var document = JsonDocument.Parse(spec);
        return new(@namespace, document.RootElement.Clone(), Cluster, new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), new CallLog(), Time, Random);
    }
}
