using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace GitOpsSecrets.Providers.Http;

/// <summary>What the operator decides for all providers' HTTP.</summary>
public sealed record ProviderHttpOptions
{
    /// <summary>Whether stores whose address is the tenant's choice may reach link-local and metadata addresses.</summary>
    public bool AllowLinkLocal { get; init; }

    /// <summary>As many bytes as an answer may have.</summary>
    public int MaxResponseBytes { get; init; } = 16 * 1024 * 1024;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Repetitions where a store has no settings of its own.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>The first wait before a repetition; it doubles, and is spread by chance.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Null takes what the environment says (<c>HTTPS_PROXY</c>, <c>NO_PROXY</c>).</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>Certificate authorities trusted in place of the system's where a store names none; null trusts the system's.</summary>
    public X509Certificate2Collection? Authorities { get; init; }
}
