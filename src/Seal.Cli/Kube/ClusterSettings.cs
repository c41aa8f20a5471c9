using System.Text.Json.Nodes;

namespace GitOpsSecrets.Seal.Cli.Kube;

/// <summary>Which API server, how it proves who it is, and how we do.</summary>
internal sealed record ClusterSettings
{
    public required Uri Server { get; init; }

    /// <summary>PEM certificates to trust; <c>null</c> for those of the system.</summary>
    public string? AuthorityPem { get; init; }

    /// <summary>Name that the server's certificate must bear, where it is not the host of <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    public bool SkipTlsVerify { get; init; }

    public Uri? Proxy { get; init; }

    public bool Compression { get; init; } = true;

    /// <summary>How long one request may take; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for ever.</summary>
    public TimeSpan RequestTimeout { get; init; }

    public string? Token { get; init; }

    public string? UserName { get; init; }

    public string? Password { get; init; }

    public string? ClientCertificatePem { get; init; }

    public string? ClientKeyPem { get; init; }

    /// <summary>A program that gives the credentials, as the kubeconfig describes it.</summary>
    public JsonObject? ExecPlugin { get; init; }

    /// <summary>The cluster's entry of the kubeconfig: some plugins ask for it.</summary>
    public JsonObject? ClusterEntry { get; init; }

    public string? ActAsUser { get; init; }

    public string? ActAsUid { get; init; }

    public IReadOnlyList<string> ActAsGroups { get; init; } = [];

    /// <summary>The kubeconfig context, or <c>in-cluster</c>, or the server's host: under this name a certificate is kept.</summary>
    public required string ContextName { get; init; }

    /// <summary>Names the server only: tokens and keys reach no message.</summary>
    public override string ToString() => Server.ToString();

    /// <param name="asked">Zero is for ever, and so is what cannot be counted down: more than 24 days.</param>
    public static TimeSpan Timeout(TimeSpan asked) =>
        asked == TimeSpan.Zero || asked.TotalMilliseconds > int.MaxValue ? System.Threading.Timeout.InfiniteTimeSpan : asked;
}
