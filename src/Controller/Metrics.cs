using Prometheus;
using Registry = Prometheus.CollectorRegistry;

namespace GitOpsSecrets.Controller;

/// <summary>
/// Every instrument, its name and unit. All names but those of the process and of the scrapes start with <c>sealed_secrets_controller_</c>; those of the original come
/// first. A registry of its own, so that two controllers can run in one process.
/// </summary>
internal sealed class Metrics
{
    public const string Prefix = "sealed_secrets_controller_";

    public Metrics(string revision)
    {
        Registry = Prometheus.Metrics.NewCustomRegistry();
        var make = Prometheus.Metrics.WithCustomRegistry(Registry);
        DotNetStats.Register(Registry);
        ProcessMetrics.Register(Registry);
        Scrapes = make.CreateCounter("promhttp_metric_handler_requests_total", "Total number of scrapes by HTTP status code.", "code");
        foreach (var code in new[] { "200", "500", "503" }) Scrapes.WithLabels(code);
        ScrapesInFlight = make.CreateGauge("promhttp_metric_handler_requests_in_flight", "Current number of scrapes being served.");

        make.CreateGauge(Prefix + "build_info", "Build information.", "revision").WithLabels(revision).Set(1);
        UnsealRequests = make.CreateCounter(Prefix + "unseal_requests_total", "Unseal requests.");
        UnsealErrors = make.CreateCounter(Prefix + "unseal_errors_total", "Failed unseal requests: fetch, status, unseal, unmanaged, update.", "reason", "namespace");
        HttpRequests = make.CreateCounter(Prefix + "http_requests_total", "HTTP requests.", "path", "code", "method");
        HttpDuration = make.CreateHistogram(Prefix + "http_request_duration_seconds", "Time to answer an HTTP request.", ["path", "method"]);

        Keys = make.CreateGauge(Prefix + "sealing_keys", "Sealing keys in use.");
        RejectedKeys = make.CreateGauge(Prefix + "sealing_keys_rejected", "Key Secrets that cannot be used.");
        KeyAge = make.CreateGauge(Prefix + "sealing_key_age_seconds", "Time since a sealing key was made.", "fingerprint", "current");
        KeyObjects = make.CreateGauge(Prefix + "sealing_key_objects", "SealedSecrets that a sealing key opened last.", "fingerprint");
        KeyObjectsUnaccounted = make.CreateGauge(Prefix + "sealing_key_objects_unaccounted", "SealedSecrets of which it is not known which sealing keys they need; a namespace that cannot be listed counts as one.");
        CertificateExpiry = make.CreateGauge(Prefix + "certificate_expiry_timestamp_seconds", "Unix time at which a certificate expires.", "fingerprint", "current");
        CertificateExpiresSoon = make.CreateGauge(Prefix + "certificate_expires_soon", "1 while the certificate that seals is expired or about to expire.");
        QueueDepth = make.CreateGauge(Prefix + "queue_depth", "SealedSecrets waiting for their turn.");
        ReconcileDuration = make.CreateHistogram(
            Prefix + "reconcile_duration_seconds", "Time to bring one Secret in line, by result: succeeded, requeued, failed, terminal, interrupted.", ["result"],
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.0005, 2, 16) });
        SecretWrites = make.CreateCounter(Prefix + "secret_writes_total", "Secrets written: create, update, delete.", "verb");
        SopsDecryptions = make.CreateCounter(Prefix + "sops_decryptions_total", "SopsSecrets that were decrypted, or tried.");
        SopsErrors = make.CreateCounter(Prefix + "sops_errors_total", "SopsSecrets that failed, by the reason of their conditions.", "reason", "namespace");
        KeyServiceCalls = make.CreateCounter(Prefix + "key_service_calls_total", "Calls to services that keep keys of SOPS: Vault, clouds.", "service", "call", "status");
        Notifications = make.CreateCounter(Prefix + "notifications_total", "Notifications by receiver and result: sent, lost, dropped.", "receiver", "result");
        Events = make.CreateCounter(Prefix + "events_total", "Requests of services that tell of changed secrets, by source and outcome.", "source", "outcome");
        EventRefreshes = make.CreateCounter(Prefix + "event_refreshes_total", "ExternalSecrets that were refreshed because a source told of a change.", "source");
        Leader = make.CreateGauge(Prefix + "leader", "1 while this replica does the work.");
    }

    public Registry Registry { get; }

    public Counter Scrapes { get; }
    public Gauge ScrapesInFlight { get; }

    public Counter UnsealRequests { get; }
    public Counter UnsealErrors { get; }
    public Counter HttpRequests { get; }
    public Histogram HttpDuration { get; }

    public Gauge Keys { get; }
    public Gauge RejectedKeys { get; }

    /// <summary>Seconds.</summary>
    public Gauge KeyAge { get; }
    public Gauge KeyObjects { get; }
    public Gauge KeyObjectsUnaccounted { get; }

    /// <summary>Seconds since 1970.</summary>
    public Gauge CertificateExpiry { get; }
    public Gauge CertificateExpiresSoon { get; }
    public Gauge QueueDepth { get; }
    public Histogram ReconcileDuration { get; }
    public Counter SecretWrites { get; }
    public Counter SopsDecryptions { get; }
    public Counter SopsErrors { get; }
    public Counter KeyServiceCalls { get; }
    public Counter Notifications { get; }
    public Counter Events { get; }
    public Counter EventRefreshes { get; }
    public Gauge Leader { get; }

    /// <summary>Sets one series for each entry and drops those that have none any more.</summary>
    public static void Replace(Gauge gauge, IReadOnlyCollection<(string[] Labels, double Value)> series)
    {
        foreach (var labels in gauge.GetAllLabelValues().ToList())
        {
            if (!series.Any(entry => entry.Labels.SequenceEqual(labels))) gauge.RemoveLabelled(labels);
        }
        foreach (var (labels, value) in series) gauge.WithLabels(labels).Set(value);
    }
}
