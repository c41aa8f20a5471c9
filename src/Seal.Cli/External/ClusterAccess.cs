using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Kube;

namespace GitOpsSecrets.Seal.Cli.External;

/// <summary>The cluster of the flags and the kubeconfig: connected when something is asked of it, once.</summary>
internal sealed class ClusterAccess(ParsedFlags flags) : IDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly ClusterSettingsReader _settings = new(flags);
    private KubeClient? _client;

    /// <summary>The namespace that is meant where none is named.</summary>
    public string DefaultNamespace => _settings.RequiredNamespace();

    /// <exception cref="CommandException">No configuration.</exception>
    public async Task<KubeClient> ClientAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            return _client ??= new KubeClient(await KubeTransport.OpenAsync(_settings.Read(), cancellationToken));
        }
        finally
        {
            _opening.Release();
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        _opening.Dispose();
    }
}
