using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers;
using Prometheus;

namespace GitOpsSecrets.Controller.External;

/// <summary>
/// The original's metrics, under its names. Those that have a series for each object are written when they are asked for, from a few numbers an object: ten thousand
/// instruments would cost more memory than all else.
/// </summary>
internal sealed class ExternalMetrics(Metrics metrics, TimeProvider time) : ICallObserver
{
    private const int FlushAt = 64 * 1024;

    private readonly ConcurrentDictionary<NamespacedName, Numbers> objects = new();
    private readonly Counter calls = Prometheus.Metrics.WithCustomRegistry(metrics.Registry)
        .CreateCounter("externalsecret_provider_api_calls_count", "Calls to providers.", "provider", "call", "status");

    public void Called(string provider, string operation, bool succeeded, TimeSpan duration) => calls.WithLabels(provider, operation, succeeded ? "success" : "error").Inc();

    /// <summary>Counts a pass, and how long it took until the result is disposed.</summary>
    public IDisposable Measure(NamespacedName key)
    {
        var numbers = objects.GetOrAdd(key, _ => new Numbers());
        Interlocked.Increment(ref numbers.Passes);
        return new Measurement(numbers, time);
    }

    public void Failed(NamespacedName key) => Interlocked.Increment(ref objects.GetOrAdd(key, _ => new Numbers()).Failures);

    public void Forget(NamespacedName key) => objects.TryRemove(key, out _);

    public async Task WriteAsync(Stream stream, IEnumerable<ExternalSecret> sources, CancellationToken cancellationToken)
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
        Head(text, "externalsecret_status_condition", "gauge", "The status condition of an ExternalSecret.");
        foreach (var source in sources)
        {
            foreach (var condition in source.Status?.Conditions ?? []) Append(text, source.Metadata, condition);
            if (text.Length >= FlushAt) await FlushAsync(stream, text, cancellationToken).ConfigureAwait(false);
        }
        await FlushAsync(stream, text, cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<(string Name, string Type, string Help, Func<Numbers, long> Value)> Families() =>
    [
        ("externalsecret_sync_calls_total", "counter", "Passes over an ExternalSecret.", numbers => Interlocked.Read(ref numbers.Passes)),
        ("externalsecret_sync_calls_error", "counter", "Passes over an ExternalSecret that failed.", numbers => Interlocked.Read(ref numbers.Failures)),
        ("externalsecret_reconcile_duration", "gauge", "How long the last pass over an ExternalSecret took, in nanoseconds.", numbers => Interlocked.Read(ref numbers.Nanoseconds)),
    ];

    private static void Append(StringBuilder text, ObjectMeta metadata, Condition condition)
    {
        foreach (var status in (string[])["True", "False"])
        {
            text.Append("externalsecret_status_condition{").Append(Labels(new NamespacedName(metadata.Namespace ?? "", metadata.Name ?? "")))
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
