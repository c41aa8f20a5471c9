using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
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
    private const int FlushAt = 64 * 1024;

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
        var text = new StringBuilder();
        foreach (var (name, type, help, value) in Families())
        {
            Head(text, name, type, help);
            foreach (var (key, numbers) in objects)
            {
                text.Append(name).Append('{').Append(Labels(key)).Append("} ").Append(value(numbers).ToString(CultureInfo.InvariantCulture)).Append('\n');
                if (text.Length >= FlushAt) await FlushAsync(stream, text, cancellationToken).ConfigureAwait(false);
            }
        }
        Head(text, $"{prefix}_status_condition", "gauge", $"The status condition of one {kind}.");
        foreach (var (metadata, conditions) in sources)
        {
            foreach (var condition in conditions ?? []) Append(text, metadata, condition);
            if (text.Length >= FlushAt) await FlushAsync(stream, text, cancellationToken).ConfigureAwait(false);
        }
        await FlushAsync(stream, text, cancellationToken).ConfigureAwait(false);
    }

    private IEnumerable<(string Name, string Type, string Help, Func<Numbers, long> Value)> Families() =>
    [
        ($"{prefix}_sync_calls_total", "counter", $"Passes over one {kind}.", numbers => Interlocked.Read(ref numbers.Passes)),
        ($"{prefix}_sync_calls_error", "counter", $"Passes over one {kind} that failed.", numbers => Interlocked.Read(ref numbers.Failures)),
        ($"{prefix}_reconcile_duration", "gauge", $"How long the last pass over one {kind} took, in nanoseconds.", numbers => Interlocked.Read(ref numbers.Nanoseconds)),
    ];

    private void Append(StringBuilder text, ObjectMeta metadata, Condition condition)
    {
        foreach (var status in (string[])["True", "False"])
        {
            text.Append(prefix).Append("_status_condition{").Append(Labels(new NamespacedName(metadata.Namespace ?? "", metadata.Name ?? "")))
                .Append(",condition=\"").Append(Escape(condition.Type)).Append("\",status=\"").Append(status).Append("\"} ").Append(condition.Status == status ? '1' : '0').Append('\n');
        }
    }

    private static void Head(StringBuilder text, string name, string type, string help) => text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    private static string Labels(NamespacedName key) => $"name=\"{Escape(key.Name)}\",namespace=\"{Escape(key.Namespace)}\"";

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static async Task FlushAsync(Stream stream, StringBuilder text, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        text.Clear();
        await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

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
