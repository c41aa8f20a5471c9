using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.TestClusters;

[assembly: AssemblyFixture(typeof(GitOpsSecrets.EndToEnd.Tests.Running.ExternalDeployments))]

namespace GitOpsSecrets.EndToEnd.Tests.Running;

/// <summary>
/// One deployment a kind of cluster with what the overlay <c>external-secrets</c> and the components <c>webhook</c> and <c>generic-targets</c> add to the base. Clusters of its own: on those of
/// <see cref="Deployments"/> the controller is to have the rights of the base alone.
/// </summary>
public sealed class ExternalDeployments : IAsyncDisposable
{
    private readonly SharedClusters clusters = new();
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly DefinitionFolder definitions = new();
    private readonly Dictionary<ClusterKind, (Deployment Deployment, PortLease WebhookPort)> started = [];

    internal async Task<ExternalTenant> TenantAsync(ClusterKind kind, CancellationToken cancellationToken) =>
        await ExternalTenant.CreateAsync((await OnAsync(kind, cancellationToken)).Deployment, cancellationToken);

    /// <summary>The deployment, with the API server asking its webhook.</summary>
    internal async Task<Deployment> WithWebhookAsync(ClusterKind kind, CancellationToken cancellationToken)
    {
        var (deployment, port) = await OnAsync(kind, cancellationToken);
        foreach (var document in YamlReader.ReadAll(await File.ReadAllTextAsync(RepositoryFolder.Of("deploy", "kustomize", "components", "webhook", "webhook.yaml"), cancellationToken)))
        {
            if (document.Root is not JsonObject manifest || (string?)manifest["kind"] != "ValidatingWebhookConfiguration") continue;
            // Nothing routes a Service to a process of this machine; the rest is as it is deployed.
            foreach (var webhook in manifest["webhooks"]!.AsArray())
            {
                // Other tests apply stores here before the controller has put its authority in.
                webhook!["failurePolicy"] = "Ignore";
                webhook["clientConfig"] = new JsonObject { ["url"] = $"https://localhost:{port.Port}{(string)webhook["clientConfig"]!["service"]!["path"]!}" };
            }
            await deployment.ApplyAsync(manifest, cancellationToken);
        }
        return deployment;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (deployment, port) in started.Values)
        {
            await deployment.DisposeAsync();
            port.Dispose();
        }
        await clusters.DisposeAsync();
        definitions.Dispose();
        gate.Dispose();
    }

    private async Task<(Deployment Deployment, PortLease WebhookPort)> OnAsync(ClusterKind kind, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (started.TryGetValue(kind, out var known)) return known;
            var port = PortLease.Take();
            string[] files =
            [
                .. Directory.GetFiles(RepositoryFolder.Of("deploy", "crds"), "*external-secrets.io.yaml").Select(file => $"crds/{Path.GetFileName(file)}"),
                "kustomize/overlays/external-secrets/external-secrets.yaml", "kustomize/components/webhook/access.yaml", "kustomize/components/generic-targets/access.yaml",
            ];
            string[] flags = [$"--webhook-addr=127.0.0.1:{port.Port}", "--webhook-dns-name=localhost", "--unsafe-allow-generic-targets", $"--provider-definitions={definitions.Path}"];
            var deployment = await Deployment.StartAsync(await clusters.GetAsync(kind, cancellationToken), files, flags, cancellationToken);
            return started[kind] = (deployment, port);
        }
        finally
        {
            gate.Release();
        }
    }
}
