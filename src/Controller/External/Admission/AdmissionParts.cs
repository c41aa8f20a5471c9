using GitOpsSecrets.Controller.Http;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Admission;

/// <summary>The admission webhook in one piece: its port and its certificate. Off unless <c>--webhook-addr</c> is given.</summary>
internal sealed class AdmissionParts : IAsyncDisposable
{
    private readonly SecureFront server;
    private readonly AdmissionCertificateKeeper keeper;

    public AdmissionParts(
        KubeClient kube, SecretWriter writer, ProviderCatalog providers, ControllerOptions options, ILoggerFactory loggers, TimeProvider time, ILogger logger)
    {
        var serving = new ServingCertificate();
        server = new SecureFront(options.WebhookAddress!, serving, AdmissionEndpoint.MaxSize, routes =>
        {
            foreach (var judge in AdmissionJudge.All(providers)) new AdmissionEndpoint(judge).Map(routes);
        }, loggers);
        var service = options.WebhookServiceName;
        var names = new List<string> { $"{service}.{options.OwnNamespace}.svc", $"{service}.{options.OwnNamespace}", service };
        if (options.WebhookDnsName.Length > 0) names.Add(options.WebhookDnsName);
        keeper = new AdmissionCertificateKeeper(kube, writer, serving, new AdmissionCertificateOptions(
            options.WebhookCertificateFolder.Length > 0 ? options.WebhookCertificateFolder : null,
            new NamespacedName(options.OwnNamespace, options.WebhookSecretName), names, options.WebhookConfigurations), time, logger);
    }

    /// <summary>Where it listens; known once it runs.</summary>
    public Uri? Address => server.Address;

    /// <summary>Completes when there is a certificate, and the API server has been told.</summary>
    public Task Ready => keeper.Ready;

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await server.StartAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await keeper.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
