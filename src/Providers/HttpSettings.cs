using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace GitOpsSecrets.Providers;

/// <summary>How a provider wants its HTTP client. Certificates are always verified, host name included; redirects to other hosts are never followed.</summary>
public sealed record HttpSettings
{
    /// <summary>Certificate authorities trusted in place of the system's; null trusts the system's.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Shown to the server when it asks; null shows none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>For the whole of one call, its retries included; null takes the default of 30 seconds, and more than two minutes are two minutes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Repetitions of calls that may be repeated; null takes the default.</summary>
    public RetrySettings? Retry { get; init; }

    /// <summary>Whether the address is the tenant's free choice, so that link-local and metadata addresses are refused unless the operator allowed them.</summary>
    public bool GuardAddresses { get; init; }

    /// <summary>Whether the server is one of this very machine or its cloud, such as a metadata server, which no proxy reaches.</summary>
    public bool IsLocal { get; init; }

    /// <summary>Answers to NTLM and other challenges; null answers none. Connections are then not shared with HTTP/2.</summary>
    public ICredentials? Credentials { get; init; }

    /// <summary>What the provider puts around each call, outside of limits and repetitions, where a library of its vendor makes the calls; null puts nothing.</summary>
    public Func<HttpMessageHandler, DelegatingHandler>? Around { get; init; }
}
