using System.Security.Cryptography.X509Certificates;

namespace GitOpsSecrets.Providers.Nebius;

/// <summary>Where the services of Nebius are: each under a name of its own in a store's domain.</summary>
public sealed record NebiusSurroundings
{
    /// <summary>In place of every service of every store; null for none (the variable <c>NEBIUS_MYSTERYBOX_URL</c>).</summary>
    public Uri? Server { get; init; }

    /// <summary>Certificate authorities trusted in place of the system's where a store names none; null trusts the system's.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Those of this process.</summary>
    public static NebiusSurroundings OfProcess() => new() { Server = Uri.TryCreate(Environment.GetEnvironmentVariable("NEBIUS_MYSTERYBOX_URL"), UriKind.Absolute, out var server) ? server : null };

    /// <param name="service">As Nebius names it, such as <c>dpl.mysterybox</c>.</param>
    internal Uri Service(string service, string domain) => Server ?? new Uri($"https://{service}.{domain}/");
}
