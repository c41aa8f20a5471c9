using System.Collections.Concurrent;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External;

/// <summary>
/// The original's metrics that have a series for each object of a kind. They are written when they are asked for, from a few numbers an object: ten thousand
/// instruments would cost more memory than all else.
/// </summary>
/// <param name="prefix">Start of their names, such as <c>externalsecret</c>.</param>
/// <param name="kind">For the help texts.</param>
internal sealed class ObjectSeries(string prefix, string kind, TimeProvider time)
{
    private readonly ConcurrentDictionary<NamespacedName, Numbers> objects = new();

    /// <summary>Counts a pass, and how long it took until the result is disposed.</summary>
    public IDisposable Measure(NamespacedName key)
    {
        var numbers = objects.GetOrAdd(key, _ => new Numbers());
        Interlocked.Increment(ref numbers.Passes);
        return new Measurement(numbers, time);
    }

    public void Failed(NamespacedName key) => Interlocked.Increment(ref objects.GetOrAdd(key, _ => new Numbers()).Failures);

    public void Forget(NamespacedName key) => objects.TryRemove(key, out _);

    public async Task WriteAsync(Stream stream, IEnumerable<(ObjectMeta Metadata, IReadOnlyList<Condition>? Conditions)> sources, CancellationToken cancellationToken)
    {
        var writer = new SeriesWriter(stream);
        foreach (var (name, type, help, value) in Families())
        {
            writer.Head(name, type, help);
            foreach (var (key, numbers) in objects) await writer.WriteAsync(name, Labels(key.Name, key.Namespace), value(numbers), cancellationToken).ConfigureAwait(false);
        }
        var conditionName = $"{prefix}_status_condition";
        writer.Head(conditionName, "gauge", $"The status condition of one {kind}.");
        foreach (var (metadata, conditions) in sources)
        {
            foreach (var condition in conditions ?? [])
            {
                foreach (var status in (string[])["True", "False"])
                {
                    IEnumerable<(string, string)> labels = [.. Labels(metadata.Name, metadata.Namespace), ("condition", condition.Type), ("status", status)];
                    await writer.WriteAsync(conditionName, labels, condition.Status == status ? 1 : 0, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private IEnumerable<(string Name, string Type, string Help, Func<Numbers, long> Value)> Families() =>
    [
        ($"{prefix}_sync_calls_total", "counter", $"Passes over one {kind}.", numbers => Interlocked.Read(ref numbers.Passes)),
        ($"{prefix}_sync_calls_error", "counter", $"Passes over one {kind} that failed.", numbers => Interlocked.Read(ref numbers.Failures)),
        ($"{prefix}_reconcile_duration", "gauge", $"How long the last pass over one {kind} took, in nanoseconds.", numbers => Interlocked.Read(ref numbers.Nanoseconds)),
    ];

    private static (string Name, string Value)[] Labels(string? name, string? @namespace) => [("name", name ?? ""), ("namespace", @namespace ?? "")];

    private sealed class Numbers
    {
        public long Passes;
        public long Failures;
        public long Nanoseconds;
    }

    private sealed class Measurement(Numbers numbers, TimeProvider time) : IDisposable
    {
        private readonly long start = time.GetTimestamp();

        public void Dispose() => Interlocked.Exchange(ref numbers.Nanoseconds, (long)time.GetElapsedTime(start).TotalNanoseconds);
    }
}
