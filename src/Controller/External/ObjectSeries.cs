using System.Collections.Concurrent;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External;

/// <summary>All series of each object of a kind that is synced: what <see cref="KindMetrics"/> has, and how many passes there were and how many failed.</summary>
/// <param name="prefix">Start of their names, such as <c>externalsecret</c>.</param>
/// <param name="kind">For the help texts.</param>
/// <param name="extended">As of <see cref="KindMetrics"/>.</param>
internal sealed class ObjectSeries(string prefix, string kind, bool extended)
{
    private readonly ConcurrentDictionary<NamespacedName, Numbers> objects = new();
    private readonly KindMetrics series = new(prefix, extended);

    /// <summary>A pass has begun.</summary>
    public void Began(NamespacedName key) => Interlocked.Increment(ref objects.GetOrAdd(key, _ => new Numbers()).Passes);

    public void Failed(NamespacedName key) => Interlocked.Increment(ref objects.GetOrAdd(key, _ => new Numbers()).Failures);

    /// <summary>A pass has ended.</summary>
    public void Observe(WorkObservation observation) => series.Observe(observation);

    public void Forget(NamespacedName key) => objects.TryRemove(key, out _);

    /// <param name="sources">All there are.</param>
    public async Task WriteAsync(SeriesWriter writer, IReadOnlyCollection<(ObjectMeta Metadata, IEnumerable<Condition>? Conditions)> sources, CancellationToken cancellationToken)
    {
        foreach (var (name, help, value) in Counts())
        {
            writer.Head(name, "counter", help);
            foreach (var (metadata, _) in sources)
            {
                if (!objects.TryGetValue(new NamespacedName(metadata.Namespace ?? "", metadata.Name ?? ""), out var numbers)) continue;
                await writer.WriteAsync(name, series.LabelsOf(metadata), value(numbers), cancellationToken).ConfigureAwait(false);
            }
        }
        await series.WriteAsync(writer, sources, cancellationToken).ConfigureAwait(false);
    }

    private IEnumerable<(string Name, string Help, Func<Numbers, long> Value)> Counts() =>
    [
        ($"{prefix}_sync_calls_total", $"Passes over one {kind}.", numbers => Interlocked.Read(ref numbers.Passes)),
        ($"{prefix}_sync_calls_error", $"Passes over one {kind} that failed.", numbers => Interlocked.Read(ref numbers.Failures)),
    ];

    private sealed class Numbers
    {
        public long Passes;
        public long Failures;
    }
}
