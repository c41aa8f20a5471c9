namespace GitOpsSecrets.LocalCluster;

/// <summary>How the server is started; the defaults fit tests.</summary>
public sealed record LocalApiServerOptions
{
    /// <summary>Port on loopback; 0 takes a free one.</summary>
    public int Port { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Writes kept for resuming watches and lists; older ones are answered with 410.</summary>
    public int HistoryLimit { get; init; } = 100_000;

    /// <summary>Manifests (YAML, several documents each) applied before the server is ready, for example CustomResourceDefinitions.</summary>
    public IReadOnlyList<string> Manifests { get; init; } = [];
}
