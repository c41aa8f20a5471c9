using GitOpsSecrets.Controller.External.Admission;
using GitOpsSecrets.Controller.Http;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>
/// The port where services tell of changed secrets, in one piece: off unless <c>--event-listen-addr</c> is given (docs/design/0033-events.md). Its certificate is looked
/// after as that of the admission webhook is.
/// </summary>
internal sealed class AnnouncementParts : IAsyncDisposable
{
    private readonly SecureFront server;
    private readonly AnnouncementEndpoint endpoint;
    private readonly AdmissionCertificateKeeper keeper;
    private readonly List<SigningCertificates> certificates = [];
    private readonly ILogger logger;

    /// <param name="isWorking">Whether this replica acts on what it is told.</param>
    public AnnouncementParts(
        KubeClient kube, SecretWriter writer, Announcer announcer, Func<bool> isWorking, IProviderHttp http, ControllerOptions options, Metrics metrics, ILoggerFactory loggers, TimeProvider time, ILogger logger)
    {
        this.logger = logger;
        var serving = new ServingCertificate();
        var sources = options.EventSources.Select(source => new EventSource(source.Name, ShapeOf(source.Shape), ProofOf(source, http, time), source.Namespaces)).ToList();
        var rate = new RateGate(options.EventRateLimit, options.EventRateLimitBurst, TimeSpan.Zero, time);
        endpoint = new AnnouncementEndpoint(sources, announcer, new SeenIds(time), rate, isWorking, metrics, time, logger);
        server = new SecureFront(options.EventAddress!, serving, AnnouncementEndpoint.MaxSize, endpoint.Map, loggers);
        var service = options.EventServiceName;
        var names = new List<string> { $"{service}.{options.OwnNamespace}.svc", $"{service}.{options.OwnNamespace}", service };
        if (options.EventDnsName.Length > 0) names.Add(options.EventDnsName);
        keeper = new AdmissionCertificateKeeper(kube, writer, serving, new AdmissionCertificateOptions(
            options.EventCertificateFolder.Length > 0 ? options.EventCertificateFolder : null, new NamespacedName(options.OwnNamespace, options.EventSecretName), names, []), time, logger);
    }

    /// <summary>Where it listens; known once it runs.</summary>
    public Uri? Address => server.Address;

    /// <summary>Completes when there is a certificate.</summary>
    public Task Ready => keeper.Ready;

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await server.StartAsync(cancellationToken).ConfigureAwait(false);
        AnnouncementLog.Listening(logger, Address);
        try
        {
            await keeper.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync().ConfigureAwait(false);
        endpoint.Dispose();
        foreach (var one in certificates) one.Dispose();
    }

    public static IEventShape ShapeOf(SourceShape shape) => shape switch
    {
        SourceShape.EventBridge => new EventBridgeShape(),
        SourceShape.EventGrid => new EventGridShape(),
        SourceShape.PubSub => new PubSubShape(),
        SourceShape.Vault => new VaultShape(),
        _ => new GenericShape(),
    };

    private IProof ProofOf(SourceOptions source, IProviderHttp http, TimeProvider time)
    {
        if (source.Google is not { } caller) return source.KeyFiles.Count > 0 ? new SignedProof(source.KeyFiles, time) : new BearerProof(source.TokenFiles);
        certificates.Add(new SigningCertificates(caller.Certificates, http, time));
        return new GoogleProof(caller, certificates[^1], time);
    }
}
