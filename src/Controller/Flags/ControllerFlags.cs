using System.Globalization;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Sealed;

namespace GitOpsSecrets.Controller.Flags;

/// <summary>The table of all flags: the original's first, then ours.</summary>
internal static class ControllerFlags
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static FlagSet For(ControllerOptions o)
    {
        var flags = new FlagSet();
        AddKeyFlags(flags, o);
        AddWatchFlags(flags, o);
        AddExternalFlags(flags, o);
        AddSopsFlags(flags, o);
        AddHttpFlags(flags, o);
        AddWebhookFlags(flags, o);
        AddEventFlags(flags, o);
        AddLogFlags(flags, o);
        AddProcessFlags(flags, o);
        ExternalSecretsFlags.Add(flags);
        OriginalFlags.Forgive(flags);
        return flags;
    }

    private static void AddKeyFlags(FlagSet flags, ControllerOptions o)
    {
        flags.Add(new Flag("key-prefix", o.KeyPrefix, "Start of the names of sealing-key Secrets", text => ParsePrefix(text, o)));
        flags.Number("key-size", o.KeySize, 2048, 16384, "Bits of a new sealing key", v => o.KeySize = v);
        flags.Duration("key-ttl", o.KeyTtl, Second, "How long a new certificate is valid", v => o.KeyTtl = v);
        flags.Text("my-cn", "", "Common name in a new certificate", v => o.CertificateName = v);
        flags.Duration("key-renew-period", o.KeyRenewPeriod, TimeSpan.Zero, "Age of the newest key at which the next one is made, --key-ttl at the latest; 0 for never", v => o.KeyRenewPeriod = v);
        flags.Add(new Flag("rotate-period", "", "", text => ParseRenewPeriod(text, o)) { Deprecated = "--key-renew-period", Zero = "0" });
        flags.Add(new Flag("key-order-priority", nameof(KeyOrderPriority.CertNotBefore), "What makes a key the newest: CertNotBefore or SecretCreationTimestamp", text => ParseOrder(text, o)));
        flags.Add(new Flag("key-cutoff-time", "", "A newest key older than this is replaced; RFC 1123 with a numeric zone, as date -R prints", text => ParseCutoff(text, o)));
        flags.Add(new Flag("privatekey-labels", "", "Labels for new key Secrets: k=v,k2=v2", text => ParsePairs(text, v => o.PrivateKeyLabels = v)));
        flags.Add(new Flag("privatekey-annotations", "", "Annotations for new key Secrets: k=v,k2=v2", text => ParsePairs(text, v => o.PrivateKeyAnnotations = v)));
        flags.Switch("watch-for-secrets", true, "Accepted for compatibility: changes of key Secrets always take effect at once", _ => { });
        flags.Duration("key-expiry-warning", o.ExpiryWarning, TimeSpan.Zero, "How long before the newest certificate expires the warnings begin", v => o.ExpiryWarning = v);
        flags.Switch("allow-example-key", false, "Allow the public pair of keys.example; for trying out only", v => o.AllowExampleKey = v);
    }

    private static void AddWatchFlags(FlagSet flags, ControllerOptions o)
    {
        flags.Switch("accept-deprecated-v1-data", o.AcceptLegacyData, "Open the legacy spec.data form", v => o.AcceptLegacyData = v);
        flags.Switch("all-namespaces", o.AllNamespaces, "Serve every namespace; false for the controller's own only", v => o.AllNamespaces = v);
        flags.Text("additional-namespaces", "", "Comma list: serve these and the controller's own namespace", v => o.AdditionalNamespaces = Names(v));
        flags.Add(new Flag("label-selector", "", "Serve only SealedSecrets, and watch only Secrets, that match", text => ParseSelector(text, v => o.LabelSelector = v)));
        flags.Switch("old-gc-behavior", o.OldGcBehavior, "Delete the Secret of a deleted SealedSecret here instead of by garbage collection", v => o.OldGcBehavior = v);
        flags.Switch("update-status", o.UpdateStatus, "Write the status of SealedSecrets and SopsSecrets; without it, of a success only its observedGeneration", v => o.UpdateStatus = v);
        flags.Switch("skip-recreate", o.SkipRecreate, "Do not watch Secrets", v => o.SkipRecreate = v);
        flags.Number("max-unseal-retries", 5, 0, int.MaxValue, "Accepted for compatibility: failures back off from 1 s to 5 min and are never given up", _ => { });
    }

    private static void AddExternalFlags(FlagSet flags, ControllerOptions o)
    {
        flags.Switch("external-secrets", o.ExternalSecrets, "Serve ExternalSecrets, once their kinds are installed", v => o.ExternalSecrets = v);
        flags.Text("controller-class", o.ControllerClass, "Serve stores and generators of this class, and those of none", v => o.ControllerClass = v);
        flags.Switch("unsafe-allow-generic-targets", o.GenericTargets, "Let ExternalSecrets write other kinds than Secrets (spec.target.manifest)", v => o.GenericTargets = v);
        flags.Switch("enable-flood-gate", o.FloodGate, "Ask only stores whose status says that they are ready", v => o.FloodGate = v);
        flags.Duration("store-requeue-interval", o.StoreRequeueInterval, Second, "How often a store is validated that does not say", v => o.StoreRequeueInterval = v);
        flags.Text("template-left-delimiter", o.TemplateLeftDelimiter, "What begins an action in templates of ExternalSecrets", v => o.TemplateLeftDelimiter = v);
        flags.Text("template-right-delimiter", o.TemplateRightDelimiter, "What ends one", v => o.TemplateRightDelimiter = v);
        flags.Number("store-rate-limit", o.StoreRateLimit, 1, int.MaxValue, "Calls a second to one store", v => o.StoreRateLimit = v);
        flags.Number("store-rate-limit-burst", o.StoreRateLimitBurst, 1, 100_000, "Calls to one store that may be made at once", v => o.StoreRateLimitBurst = v);
        flags.Number("answer-cache-size", o.AnswerCacheSize, 0, 4096, "MiB of fetched values kept for whoever asks for the same within its interval", v => o.AnswerCacheSize = v);
        flags.Switch("enable-secret-store-reconciler", o.SecretStores, "Validate SecretStores", v => o.SecretStores = v);
        flags.Switch("enable-cluster-store-reconciler", o.ClusterStores, "Serve ClusterSecretStores, and ExternalSecrets over them", v => o.ClusterStores = v);
        flags.Switch("enable-cluster-external-secret-reconciler", o.ClusterExternalSecrets, "Serve ClusterExternalSecrets", v => o.ClusterExternalSecrets = v);
        flags.Switch("enable-push-secret-reconciler", o.PushSecrets, "Serve PushSecrets", v => o.PushSecrets = v);
        flags.Switch("enable-cluster-push-secret-reconciler", o.ClusterPushSecrets, "Serve ClusterPushSecrets", v => o.ClusterPushSecrets = v);
        flags.Switch("enable-generator-state", o.GeneratorStates, "Take back what generators left behind, when it is replaced or its object is gone", v => o.GeneratorStates = v);
        flags.Duration("generator-gc-grace-period", o.GeneratorGracePeriod, TimeSpan.Zero, "How long values that a generator has replaced stay good", v => o.GeneratorGracePeriod = v);
        flags.Switch("enable-extended-metric-labels", o.ExtendedMetricLabels, "Give series of External Secrets the recommended labels of their objects", v => o.ExtendedMetricLabels = v);
        flags.Text("provider-definitions", "", "Folder with definitions of stores of your own (docs/providers/declared.md)", v => o.ProviderDefinitionsFolder = v.Length > 0 ? v : null);
        flags.Switch("allow-link-local-stores", o.AllowLinkLocalStores, "Let stores call link-local and metadata addresses", v => o.AllowLinkLocalStores = v);
    }

    private static void AddSopsFlags(FlagSet flags, ControllerOptions o)
    {
        flags.Switch("sops", o.Sops, "Serve SopsSecrets", v => o.Sops = v);
        flags.Text("sops-namespace-secret", o.SopsNamespaceSecret, "Key Secret in the namespace of a SopsSecret that names none; empty for none", v => o.SopsNamespaceSecret = v);
        flags.Text("sops-keys-secret", "", "Comma list: key Secrets in the controller's own namespace, for all namespaces", v => o.SopsKeysSecrets = Names(v));
        flags.Text("sops-key-file", "", "Comma list: age, OpenSSH or OpenPGP private key files, for all namespaces", v => o.SopsKeyFiles = Names(v));
        flags.Switch("sops-allow-unbound", o.SopsAllowUnbound, "Keys for all namespaces also open SopsSecrets that do not say where they belong", v => o.SopsAllowUnbound = v);
        flags.Switch("default-enforce-ownership", o.SopsEnforceOwnership, "SopsSecrets that do not say take over Secrets that exist already", v => o.SopsEnforceOwnership = v);
    }

    private static void AddHttpFlags(FlagSet flags, ControllerOptions o)
    {
        flags.Number("rate-limit", o.RateLimit, 1, int.MaxValue, "Requests a second and caller on /v1/verify", v => o.RateLimit = v);
        flags.Number("rate-limit-burst", o.RateLimitBurst, 0, 100_000, "Requests beyond the limit that a caller may send at once on /v1/verify", v => o.RateLimitBurst = v);
        flags.Number("rotate-rate-limit", o.RotateRateLimit, 1, int.MaxValue, "Requests a second and caller on /v1/rotate", v => o.RotateRateLimit = v);
        flags.Number("rotate-rate-limit-burst", o.RotateRateLimitBurst, 0, 100_000, "Requests beyond the limit that a caller may send at once on /v1/rotate", v => o.RotateRateLimitBurst = v);
        flags.Add(new Flag("listen-addr", o.ListenAddress.ToString(), "Where the API listens", text => ParseAddress(text, v => o.ListenAddress = v)));
        flags.Add(new Flag("listen-metrics-addr", o.MetricsAddress.ToString(), "Where /metrics listens", text => ParseAddress(text, v => o.MetricsAddress = v)));
        flags.Duration("read-timeout", o.ReadTimeout, Second, "How long a caller may take to send a request", v => o.ReadTimeout = v);
        flags.Duration("write-timeout", o.WriteTimeout, Second, "How long the answer to a request may take", v => o.WriteTimeout = v);
    }

    private static void AddWebhookFlags(FlagSet flags, ControllerOptions o)
    {
        flags.Add(new Flag("webhook-addr", "", "Where the admission webhook for ExternalSecrets and stores listens, such as :10250; nowhere by default", text => ParseOptionalAddress(text, v => o.WebhookAddress = v)));
        flags.Text("webhook-cert-dir", "", "Folder of tls.crt and tls.key that others look after; default is to make and renew a certificate", v => o.WebhookCertificateFolder = v);
        flags.Text("webhook-service-name", o.WebhookServiceName, "Service of the webhook, which the made certificate is for", v => o.WebhookServiceName = v);
        flags.Text("webhook-secret-name", o.WebhookSecretName, "Secret that keeps the made certificate", v => o.WebhookSecretName = v);
        flags.Text("webhook-dns-name", "", "One more name that the made certificate is for", v => o.WebhookDnsName = v);
        flags.Text("webhook-configurations", string.Join(',', o.WebhookConfigurations), "Comma list: ValidatingWebhookConfigurations that are told to trust the made certificate", v => o.WebhookConfigurations = Names(v));
    }

    private static void AddEventFlags(FlagSet flags, ControllerOptions o)
    {
        flags.Add(new Flag("event-listen-addr", "", "Where services tell of changed secrets, such as :10260; nowhere by default", text => ParseOptionalAddress(text, v => o.EventAddress = v)));
        flags.Text("event-sources-file", "", "YAML that says who may tell, and how they prove it (docs/events.md)", v => o.EventSourcesFile = v.Length > 0 ? v : null);
        flags.Text("event-cert-dir", "", "Folder of tls.crt and tls.key that others look after; default is to make and renew a certificate", v => o.EventCertificateFolder = v);
        flags.Text("event-service-name", o.EventServiceName, "Service of that port, which the made certificate is for", v => o.EventServiceName = v);
        flags.Text("event-secret-name", o.EventSecretName, "Secret that keeps the made certificate", v => o.EventSecretName = v);
        flags.Text("event-dns-name", "", "One more name that the made certificate is for", v => o.EventDnsName = v);
        flags.Number("event-rate-limit", o.EventRateLimit, 1, int.MaxValue, "Events a second and caller", v => o.EventRateLimit = v);
        flags.Number("event-rate-limit-burst", o.EventRateLimitBurst, 0, 100_000, "Events beyond the limit that a caller may send at once", v => o.EventRateLimitBurst = v);
    }

    private static void AddLogFlags(FlagSet flags, ControllerOptions o)
    {
        flags.Switch("log-info-stdout", o.LogInfoToStdout, "Write what is not an error to standard output", v => o.LogInfoToStdout = v);
        flags.Add(new Flag("log-level", "INFO", "DEBUG, INFO, WARN or ERROR", text => ParseLevel(text, o)));
        flags.Add(new Flag("log-format", "text", "text or json", text => ParseLogFormat(text, o)));
    }

    private static void AddProcessFlags(FlagSet flags, ControllerOptions o)
    {
        // Read before all others, by FlagSet itself.
        flags.Text(FlagSet.ConfigFlag, "", "File of settings in YAML, name of a flag and value; environment and command line win", _ => { });
        flags.Text("kubeconfig", "", "Outside a cluster: the kubeconfig to use", v => o.Kubeconfig = v.Length > 0 ? v : null);
        flags.Add(new Flag("kubeclient-qps", "-1", "Requests a second to the API server; negative for no limit of our own", text => ParseQps(text, o)) { Zero = "0" });
        flags.Number("kubeclient-burst", o.KubeClientBurst, 1, int.MaxValue, "Requests to the API server that may be sent at once", v => o.KubeClientBurst = v);
        flags.Text("namespace", "", "The controller's own namespace; default POD_NAMESPACE, else the service account's", v => o.OwnNamespace = v);
        flags.Number("workers", o.Workers, 1, 1024, "Objects worked on at the same time; default four a processor", v => o.Workers = v);
        flags.Switch("leader-elect", o.LeaderElect, "Work only while holding the Lease, so that several replicas can run", v => o.LeaderElect = v);
        flags.Text("leader-elect-lease-name", o.LeaseName, "Name of the Lease in the controller's own namespace", v => o.LeaseName = v);
        flags.Duration("leader-elect-lease-duration", o.LeaseDuration, Second, "How long a Lease holds without renewal", v => o.LeaseDuration = v);
        flags.Duration("leader-elect-renew-deadline", o.LeaseRenewDeadline, Second, "How long the leader tries to renew before it stops working", v => o.LeaseRenewDeadline = v);
        flags.Duration("leader-elect-retry-period", o.LeaseRetryPeriod, TimeSpan.FromMilliseconds(10), "How long to wait between two tries", v => o.LeaseRetryPeriod = v);
        flags.Duration("grace-period", o.GracePeriod, TimeSpan.Zero, "How long work in hand may take to finish at shutdown", v => o.GracePeriod = v);
        flags.Text("notifications-file", "", "YAML that says who is told of failures, recoveries and certificates about to expire", v => o.NotificationsFile = v.Length > 0 ? v : null);
        flags.Switch("version", false, "Print the version", v => o.ShowVersion = v);
        flags.Switch("help", false, "Print this", v => o.ShowHelp = v);
    }

    private static string? ParsePrefix(string text, ControllerOptions o)
    {
        const int Longest = 245;
        foreach (var c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')) return $"name contains illegal character {c}";
        }
        if (text.Length == 0) return "name is empty";
        if (text.Length > Longest) return $"name is too long, must be shorter than {Longest}, got {text.Length}";
        o.KeyPrefix = text;
        return null;
    }

    private static string? ParseRenewPeriod(string text, ControllerOptions o)
    {
        if (!GoDuration.TryParse(text, out var period) || period < TimeSpan.Zero) return $"expected {GoDuration.Expectation}";
        o.KeyRenewPeriod = period;
        return null;
    }

    private static string? ParseOrder(string text, ControllerOptions o)
    {
        switch (text)
        {
            case nameof(KeyOrderPriority.CertNotBefore): o.KeyOrderPriority = KeyOrderPriority.CertNotBefore; return null;
            case nameof(KeyOrderPriority.SecretCreationTimestamp): o.KeyOrderPriority = KeyOrderPriority.SecretCreationTimestamp; return null;
            default: return "expected CertNotBefore or SecretCreationTimestamp";
        }
    }

    private static string? ParseCutoff(string text, ControllerOptions o)
    {
        if (text.Length == 0) return null;
        if (!Rfc1123Date.TryParse(text, out var date)) return $"expected {Rfc1123Date.Expectation}";
        o.KeyCutoffTime = date;
        return null;
    }

    private static string? ParseSelector(string text, Action<string?> set)
    {
        if (!LabelSelectorText.IsValid(text)) return LabelSelectorText.Expectation;
        set(text.Length > 0 ? text : null);
        return null;
    }

    private static string? ParsePairs(string text, Action<SortedDictionary<string, string>> set)
    {
        if (KeyValueList.TryParse(text) is not { } pairs) return "expected k=v,k2=v2";
        // The one label that makes a Secret a key is ours to set.
        pairs.Remove(SealedSecretAnnotations.SealingKeyLabel);
        set(pairs);
        return null;
    }

    private static string? ParseAddress(string text, Action<ListenAddress> set)
    {
        if (ListenAddress.TryParse(text) is not { } address) return $"expected {ListenAddress.Expectation}";
        set(address);
        return null;
    }

    private static string? ParseOptionalAddress(string text, Action<ListenAddress?> set)
    {
        if (text.Length > 0) return ParseAddress(text, set);
        set(null);
        return null;
    }

    private static string? ParseLevel(string text, ControllerOptions o)
    {
        switch (text.ToUpperInvariant())
        {
            case "DEBUG": o.LogLevel = LogLevel.Debug; return null;
            case "" or "INFO": o.LogLevel = LogLevel.Information; return null;
            case "WARN": o.LogLevel = LogLevel.Warning; return null;
            case "ERROR": o.LogLevel = LogLevel.Error; return null;
            default: return "expected DEBUG, INFO, WARN or ERROR";
        }
    }

    private static string? ParseLogFormat(string text, ControllerOptions o)
    {
        if (text is not ("" or "text" or "json")) return "expected text or json";
        o.LogAsJson = text == "json";
        return null;
    }

    private static string? ParseQps(string text, ControllerOptions o)
    {
        if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var qps) || !float.IsFinite(qps)) return "expected a number";
        o.KubeClientQps = qps;
        return null;
    }

    private static string[] Names(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
