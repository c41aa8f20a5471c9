using System.Security.Cryptography.X509Certificates;

namespace GitOpsSecrets.Providers.Keeper;

/// <summary>Where Keeper is and by which keys it is known, where that is not what the vendor's own clients have.</summary>
public sealed record KeeperSurroundings
{
    /// <summary>In place of what a configuration names; null for none (the variable <c>KSM_HOSTNAME</c> of the vendor's clients).</summary>
    public string? Host { get; init; }

    /// <summary>The server's public keys, by their numbers: uncompressed points of P-256, in base64url.</summary>
    public IReadOnlyDictionary<string, string> ServerKeys { get; init; } = KeeperServerKeys.Known;

    /// <summary>Certificate authorities trusted in place of the system's; null trusts the system's.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Those of this process.</summary>
    public static KeeperSurroundings OfProcess() => new() { Host = Environment.GetEnvironmentVariable("KSM_HOSTNAME") is { Length: > 0 } host ? host : null };
}
