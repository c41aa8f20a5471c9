using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Clusterwide;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers;
using Prometheus;

namespace GitOpsSecrets.Controller.External;

/// <summary>The original's metrics, under its names, and ours beside them: how long providers take, how many calls were saved, which stores are left alone.</summary>
internal sealed class ExternalMetrics : ICallObserver
{
    private const string Prefix = Metrics.Prefix;
    private const string Depth = Prefix + "external_queue_depth";

    private readonly Counter calls;
    private readonly Histogram callDuration;
    private readonly Histogram passDuration;

    public ExternalMetrics(Metrics metrics, bool extendedLabels)
    {
        var make = Prometheus.Metrics.WithCustomRegistry(metrics.Registry);
        calls = make.CreateCounter("externalsecret_provider_api_calls_count", "Calls to providers.", "provider", "call", "status");
        callDuration = make.CreateHistogram(
            Prefix + "provider_call_duration_seconds", "Time a provider took to answer.", ["provider", "call"], new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.002, 2.5, 11) });
        passDuration = make.CreateHistogram(
            Prefix + "external_reconcile_duration_seconds", "Time of one pass over an ExternalSecret, by result: succeeded, requeued, failed, terminal, interrupted.", ["result"],
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.0005, 2, 16) });
        Sources = new ObjectSeries("externalsecret", ExternalSecret.ExternalSecretKind, extendedLabels);
        Pushes = new ObjectSeries("pushsecret", PushSecret.PushSecretKind, extendedLabels);
        Stores = new KindMetrics("secretstore", extendedLabels);
        ClusterStores = new KindMetrics("clustersecretstore", extendedLabels);
        ClusterSources = new KindMetrics("clusterexternalsecret", extendedLabels);
        ClusterPushes = new KindMetrics("clusterpushsecret", extendedLabels);
    }

    public ObjectSeries Sources { get; }

    public ObjectSeries Pushes { get; }

    public KindMetrics Stores { get; }

    public KindMetrics ClusterStores { get; }

    public KindMetrics ClusterSources { get; }

    public KindMetrics ClusterPushes { get; }

    public void Called(string provider, string operation, bool succeeded, TimeSpan duration)
    {
        calls.WithLabels(provider, operation, succeeded ? "success" : "error").Inc();
        callDuration.WithLabels(provider, operation).Observe(duration.TotalSeconds);
    }

    /// <summary>A pass over an ExternalSecret has ended.</summary>
    public void Observe(WorkObservation observation)
    {
        Sources.Observe(observation);
        passDuration.WithLabels(observation.Outcome.ToString().ToLowerInvariant()).Observe(observation.Took.TotalSeconds);
    }

    /// <summary>A pass over a store has ended; that of the cluster has no namespace.</summary>
    public void ObserveStore(WorkObservation observation) => (observation.Key.Namespace.Length == 0 ? ClusterStores : Stores).Observe(observation);

    public async Task WriteAsync(Stream stream, ExternalCaches caches, ClusterwideParts clusterwide, StoreAccess access, AnswerCache answers, IEnumerable<PushSecret> pushes, int waiting, CancellationToken cancellationToken)
    {
        var writer = new SeriesWriter(stream);
        writer.Head(Depth, "gauge", "ExternalSecrets waiting for their turn.");
        await writer.WriteAsync(Depth, [], waiting, cancellationToken).ConfigureAwait(false);
        await Sources.WriteAsync(writer, [.. caches.All.Select(source => (source.Metadata, (IEnumerable<Condition>?)source.Status?.Conditions))], cancellationToken).ConfigureAwait(false);
        await Pushes.WriteAsync(writer, [.. pushes.Select(source => (source.Metadata, (IEnumerable<Condition>?)source.Status?.Conditions))], cancellationToken).ConfigureAwait(false);
        var (stores, clusterStores) = (caches.AllStores.Where(store => !store.IsClusterWide), caches.AllStores.Where(store => store.IsClusterWide));
        await Stores.WriteAsync(writer, [.. stores.Select(Conditions)], cancellationToken).ConfigureAwait(false);
        await ClusterStores.WriteAsync(writer, [.. clusterStores.Select(Conditions)], cancellationToken).ConfigureAwait(false);
        await ClusterSources.WriteAsync(writer, [.. clusterwide.Sources.Select(source => (source.Metadata, (IEnumerable<Condition>?)source.Status?.Conditions))], cancellationToken).ConfigureAwait(false);
        await ClusterPushes.WriteAsync(writer, [.. clusterwide.Pushes.Select(source => (source.Metadata, (IEnumerable<Condition>?)source.Status?.Conditions))], cancellationToken).ConfigureAwait(false);
        await WriteStoresAsync(writer, access, answers, cancellationToken).ConfigureAwait(false);
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);

        static (ObjectMeta, IEnumerable<Condition>?) Conditions(Store store) => (store.Metadata, store.Status?.Conditions);
    }

    private static async Task WriteStoresAsync(SeriesWriter writer, StoreAccess access, AnswerCache answers, CancellationToken cancellationToken)
    {
        const string Paused = Prefix + "store_paused";
        const string Answers = Prefix + "provider_answers_total";
        const string Bytes = Prefix + "provider_answer_bytes";
        writer.Head(Paused, "gauge", "1 while a store is left alone because it failed too often in a row, or asked for it.");
        foreach (var (store, paused) in access.Doors)
        {
            await writer.WriteAsync(Paused, [("kind", store.Kind), ("name", store.Name.Name), ("namespace", store.Name.Namespace)], paused ? 1 : 0, cancellationToken).ConfigureAwait(false);
        }
        writer.Head(Answers, "counter", "Values that ExternalSecrets needed: asked of the store, or shared with another who had asked.");
        await writer.WriteAsync(Answers, [("result", "asked")], answers.Asked, cancellationToken).ConfigureAwait(false);
        await writer.WriteAsync(Answers, [("result", "shared")], answers.Shared, cancellationToken).ConfigureAwait(false);
        writer.Head(Bytes, "gauge", "Bytes of fetched values kept for whoever asks for the same.");
        await writer.WriteAsync(Bytes, [], answers.Size, cancellationToken).ConfigureAwait(false);
    }
}
