using GitOpsSecrets.Controller.External.Announcements;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Flags;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Providers.Declared;

namespace GitOpsSecrets.Controller;

/// <summary>
/// Every setting, from flags (pflag syntax), <c>SEALED_SECRETS_*</c> environment variables and the file of <c>--config</c>, in this
/// order of precedence. Bad ones are refused at start, all at once. Names and defaults are the original's unless its default was the defect.
/// </summary>
internal sealed record ControllerOptions
{
    public const string ServiceAccountNamespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

    /// <summary>Settings that could not be used as they were given, one line each, to be logged at the start.</summary>
    public IReadOnlyList<string> Warnings { get; set; } = [];

    /// <summary>Start of the names of key Secrets, and the whole name of the one legacy key Secret.</summary>
    public string KeyPrefix { get; set; } = "sealed-secrets-key";

    /// <summary>Bits of a new RSA key.</summary>
    public int KeySize { get; set; } = 4096;

    /// <summary>How long a new certificate is valid.</summary>
    public TimeSpan KeyTtl { get; set; } = TimeSpan.FromHours(87600);

    /// <summary>Common name in a new certificate; empty for an empty name.</summary>
    public string CertificateName { get; set; } = "";

    /// <summary>Age of the current key at which a new one is made; zero for never.</summary>
    public TimeSpan KeyRenewPeriod { get; set; } = TimeSpan.FromHours(720);

    public KeyOrderPriority KeyOrderPriority { get; set; } = KeyOrderPriority.CertNotBefore;

    /// <summary>A current key older than this is replaced, once the moment has come.</summary>
    public DateTimeOffset? KeyCutoffTime { get; set; }

    /// <summary>How long before the current certificate expires the warnings begin.</summary>
    public TimeSpan ExpiryWarning { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The pair in <c>keys.example/</c> is public; only the quickstart may use it.</summary>
    public bool AllowExampleKey { get; set; }

    public SortedDictionary<string, string> PrivateKeyLabels { get; set; } = [];

    public SortedDictionary<string, string> PrivateKeyAnnotations { get; set; } = [];

    public bool AcceptLegacyData { get; set; } = true;

    public bool AllNamespaces { get; set; } = true;

    /// <summary>When not empty: these and the controller's own namespace, whatever <see cref="AllNamespaces"/> says.</summary>
    public IReadOnlyList<string> AdditionalNamespaces { get; set; } = [];

    /// <summary>Limits which SealedSecrets are served and which Secrets are watched; <c>null</c> for all.</summary>
    public string? LabelSelector { get; set; }

    /// <summary>The controller deletes the Secret of a deleted SealedSecret itself, instead of leaving it to garbage collection.</summary>
    public bool OldGcBehavior { get; set; }

    public bool UpdateStatus { get; set; } = true;

    /// <summary>No watch on Secrets: changed or deleted ones are noticed only when their SealedSecret changes.</summary>
    public bool SkipRecreate { get; set; }

    /// <summary>Whether SopsSecrets are served.</summary>
    public bool Sops { get; set; } = true;

    /// <summary>The key Secret of a namespace, for SopsSecrets that name none; empty for none.</summary>
    public string SopsNamespaceSecret { get; set; } = "sops-keys";

    /// <summary>Key Secrets of the controller's own namespace; they serve the whole cluster.</summary>
    public IReadOnlyList<string> SopsKeysSecrets { get; set; } = [];

    /// <summary>Key files of the controller; they serve the whole cluster.</summary>
    public IReadOnlyList<string> SopsKeyFiles { get; set; } = [];

    /// <summary>Keys of the whole cluster also open SopsSecrets that do not say where they belong.</summary>
    public bool SopsAllowUnbound { get; set; }

    /// <summary>SopsSecrets that do not say take over Secrets that exist already.</summary>
    public bool SopsEnforceOwnership { get; set; }

    /// <summary>A file that says who is told of trouble; <c>null</c> for nobody.</summary>
    public string? NotificationsFile { get; set; }

    /// <summary>What that file says.</summary>
    public NotificationOptions Notifications { get; set; } = new();

    /// <summary>Requests a second and caller on <c>/v1/verify</c>.</summary>
    public int RateLimit { get; set; } = 2;

    public int RateLimitBurst { get; set; } = 2;

    /// <summary>Requests a second and caller on <c>/v1/rotate</c>.</summary>
    public int RotateRateLimit { get; set; } = 10;

    public int RotateRateLimitBurst { get; set; } = 50;

    public ListenAddress ListenAddress { get; set; } = new(null, 8080);

    public ListenAddress MetricsAddress { get; set; } = new(null, 8081);

    /// <summary>How long a caller may take to send a request.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the answer to a request may take.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromMinutes(2);

    public bool LogInfoToStdout { get; set; } = true;

    public LogLevel LogLevel { get; set; } = LogLevel.Information;

    public bool LogAsJson { get; set; }

    /// <summary><c>null</c>: the service account in a cluster, else the usual kubeconfig.</summary>
    public string? Kubeconfig { get; set; }

    /// <summary>Requests a second to the API server; zero or less for no limit of our own.</summary>
    public float KubeClientQps { get; set; } = -1;

    public int KubeClientBurst { get; set; } = 10;

    /// <summary>The namespace of the key Secrets and of the Lease.</summary>
    public string OwnNamespace { get; set; } = "";

    /// <summary>Most of a pass is waiting for the API server, so several a processor keep it busy.</summary>
    public int Workers { get; set; } = 4 * Environment.ProcessorCount;

    public bool LeaderElect { get; set; } = true;

    public string LeaseName { get; set; } = "sealed-secrets-controller";

    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    public TimeSpan LeaseRenewDeadline { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan LeaseRetryPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long work in hand may take to finish at shutdown.</summary>
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether ExternalSecrets are served.</summary>
    public bool ExternalSecrets { get; set; } = true;

    /// <summary>Stores of another class are left to another controller.</summary>
    public string ControllerClass { get; set; } = "default";

    /// <summary>Whether PushSecrets are served.</summary>
    public bool PushSecrets { get; set; } = true;

    /// <summary>Whether ClusterPushSecrets are.</summary>
    public bool ClusterPushSecrets { get; set; } = true;

    /// <summary>Whether what generators left behind is taken back; else it is written down, for another controller.</summary>
    public bool GeneratorStates { get; set; } = true;

    /// <summary>How long values that a generator has replaced stay good.</summary>
    public TimeSpan GeneratorGracePeriod { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>ExternalSecrets may write other kinds than Secrets, which nobody encrypts and more may read.</summary>
    public bool GenericTargets { get; set; }

    /// <summary>Only stores whose status says that they are ready are asked.</summary>
    public bool FloodGate { get; set; } = true;

    /// <summary>How often a store is looked at that says nothing else.</summary>
    public TimeSpan StoreRequeueInterval { get; set; } = TimeSpan.FromMinutes(5);

    public string TemplateLeftDelimiter { get; set; } = "{{";

    public string TemplateRightDelimiter { get; set; } = "}}";

    /// <summary>Calls a second to one store.</summary>
    public int StoreRateLimit { get; set; } = 100;

    public int StoreRateLimitBurst { get; set; } = 200;

    /// <summary>Mebibytes of fetched values that are kept for those who ask for the same.</summary>
    public int AnswerCacheSize { get; set; } = 32;

    /// <summary>Where the admission webhook listens; <c>null</c> for none.</summary>
    public ListenAddress? WebhookAddress { get; set; }

    /// <summary>Holds tls.crt and tls.key that somebody else looks after; empty to make and renew our own.</summary>
    public string WebhookCertificateFolder { get; set; } = "";

    public string WebhookServiceName { get; set; } = "sealed-secrets-controller-webhook";

    public string WebhookSecretName { get; set; } = "sealed-secrets-controller-webhook";

    /// <summary>One more name that our own certificate is for.</summary>
    public string WebhookDnsName { get; set; } = "";

    /// <summary>The ValidatingWebhookConfigurations that are told whom to trust.</summary>
    public IReadOnlyList<string> WebhookConfigurations { get; set; } = ["secretstore-validate", "externalsecret-validate"];

    /// <summary>Where services tell of changed secrets; <c>null</c> for nowhere.</summary>
    public ListenAddress? EventAddress { get; set; }

    /// <summary>A file that says who may tell; <c>null</c> for nobody.</summary>
    public string? EventSourcesFile { get; set; }

    /// <summary>What that file says.</summary>
    public IReadOnlyList<SourceOptions> EventSources { get; set; } = [];

    /// <summary>Holds tls.crt and tls.key that somebody else looks after; empty to make and renew our own.</summary>
    public string EventCertificateFolder { get; set; } = "";

    public string EventServiceName { get; set; } = "sealed-secrets-controller-events";

    public string EventSecretName { get; set; } = "sealed-secrets-controller-events";

    /// <summary>One more name that our own certificate is for.</summary>
    public string EventDnsName { get; set; } = "";

    /// <summary>Events a second and caller.</summary>
    public int EventRateLimit { get; set; } = 20;

    public int EventRateLimitBurst { get; set; } = 100;

    /// <summary>Whether stores may call link-local and metadata addresses, where clouds hand out the node's credentials.</summary>
    public bool AllowLinkLocalStores { get; set; }

    /// <summary>Whether SecretStores are validated.</summary>
    public bool SecretStores { get; set; } = true;

    /// <summary>Whether ClusterSecretStores are watched, validated and used.</summary>
    public bool ClusterStores { get; set; } = true;

    public bool ClusterExternalSecrets { get; set; } = true;

    /// <summary>Whether series of External Secrets carry the recommended labels of their objects.</summary>
    public bool ExtendedMetricLabels { get; set; }

    /// <summary>A folder with definitions of stores; <c>null</c> for none.</summary>
    public string? ProviderDefinitionsFolder { get; set; }

    /// <summary>What stands there.</summary>
    public OwnDefinitions ProviderDefinitions { get; set; } = OwnDefinitions.None;

    public bool ShowVersion { get; set; }

    public bool ShowHelp { get; set; }

    /// <summary>The namespaces to watch; <c>null</c> means all.</summary>
    public IReadOnlyList<string>? Namespaces =>
        AdditionalNamespaces.Count > 0 ? [.. AdditionalNamespaces.Prepend(OwnNamespace).Distinct(StringComparer.Ordinal)]
        : AllNamespaces ? null
        : [OwnNamespace];

    /// <summary>
    /// Whether nothing begins before the namespaces can be listed. Beside added ones none is required: each may come later, and of the controller's own the original's
    /// roles show nothing but its keys.
    /// </summary>
    public bool RequiresNamespaces => AdditionalNamespaces.Count == 0;

    /// <summary>Whether the watch shows every Secret that could be ours, so that an absent one is known to be absent.</summary>
    public bool SeesEverySecret => !SkipRecreate && LabelSelector is null;

    /// <summary>Secrets that the controller keeps for itself, as <c>NAMESPACE/NAME</c>: its certificates, and the oldest sealing key, which has no label.</summary>
    public IReadOnlySet<string> ReservedSecrets => new[] { WebhookSecretName, EventSecretName, KeyPrefix }.Select(name => $"{OwnNamespace}/{name}").ToHashSet(StringComparer.Ordinal);

    public long AnswerCacheBytes => AnswerCacheSize * 1024L * 1024;

    public StoreGateOptions StoreGate => new() { CallsPerSecond = StoreRateLimit, Burst = StoreRateLimitBurst };

    /// <param name="arguments">Without the program's name.</param>
    /// <param name="environment">Variables by name.</param>
    /// <param name="problems">Everything that is wrong, one line each; empty when the options can be used.</param>
    public static ControllerOptions Load(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, out IReadOnlyList<string> problems)
    {
        var options = new ControllerOptions { OwnNamespace = FindOwnNamespace(environment) };
        var flags = ControllerFlags.For(options);
        var found = flags.Parse(arguments, environment).ToList();
        options.Warnings = flags.Warnings;
        if (found.Count == 0) found.AddRange(options.Contradictions());
        // Certificates would end before they are replaced. The original goes on so, and a cluster that sets --key-ttl alone must start with us, too.
        if (options.KeyRenewPeriod > options.KeyTtl) options.KeyRenewPeriod = options.KeyTtl;
        if (options.NotificationsFile is { } file)
        {
            options.Notifications = NotificationFile.Load(file, out var wrong);
            found.AddRange(wrong);
        }
        if (options.EventSourcesFile is { } sources)
        {
            options.EventSources = SourceFile.Load(sources, out var wrong);
            found.AddRange(wrong);
        }
        found.AddRange(options.LoadDefinitions());
        problems = found;
        return options;
    }

    private IReadOnlyList<string> LoadDefinitions()
    {
        if (ProviderDefinitionsFolder is not { } folder) return [];
        try
        {
            ProviderDefinitions = OwnDefinitions.Read(folder);
            return [];
        }
        catch (DefinitionException failure)
        {
            return [.. failure.Message.Split('\n').Select(mistake => $"--provider-definitions: {mistake}")];
        }
    }

    private IEnumerable<string> Contradictions()
    {
        if (LeaseRenewDeadline >= LeaseDuration) yield return "--leader-elect-renew-deadline must be shorter than --leader-elect-lease-duration";
        if (LeaseRetryPeriod >= LeaseRenewDeadline) yield return "--leader-elect-retry-period must be shorter than --leader-elect-renew-deadline";
        if (EventAddress is not null && EventSourcesFile is null) yield return "--event-listen-addr needs --event-sources-file: without it nobody may tell anything";
        if (EventAddress is not null && !ExternalSecrets) yield return "--event-listen-addr needs --external-secrets: there is nothing else that events refresh";
    }

    private static string FindOwnNamespace(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.TryGetValue("POD_NAMESPACE", out var name) && name.Length > 0) return name;
        try
        {
            var text = File.ReadAllText(ServiceAccountNamespaceFile).Trim();
            if (text.Length > 0) return text;
        }
        catch (IOException) { }
        catch (UnauthorizedAccessException) { }
        return "default";
    }
}
