namespace GitOpsSecrets.Controller.Flags;

/// <summary>
/// The flags of External Secrets Operator that are called otherwise here, or mean nothing: its arguments can be taken over as they are. <c>--namespace</c> is the one that
/// means another thing.
/// </summary>
internal static class ExternalSecretsFlags
{
    public static void Add(FlagSet flags)
    {
        flags.Alias("concurrent", "workers");
        flags.Alias("client-qps", "kubeclient-qps");
        flags.Alias("client-burst", "kubeclient-burst");
        flags.Alias("loglevel", "log-level");
        flags.Alias("metrics-addr", "listen-metrics-addr");
        flags.Alias("live-addr", "listen-addr");
        flags.Alias("enable-leader-election", "leader-elect");
        flags.Alias("leader-election-id", "leader-elect-lease-name");
        flags.Alias("leader-election-lease-duration", "leader-elect-lease-duration");
        flags.Alias("leader-election-renew-deadline", "leader-elect-renew-deadline");
        flags.Alias("leader-election-retry-period", "leader-elect-retry-period");
        // Metadata is cached, contents are not; tokens of providers live as long as their store is open.
        foreach (var name in (string[])["enable-secrets-caching", "enable-configmaps-caching", "enable-managed-secrets-caching", "enable-secret-api-read-on-cache-mismatch", "enable-http2"])
        {
            flags.Ignore(name, isSwitch: true);
        }
        foreach (var name in (string[])["enable-vault-token-cache", "experimental-enable-vault-token-cache", "experimental-enable-doppler-oidc-cache"]) flags.Ignore(name, isSwitch: true);
        foreach (var name in (string[])
        [
            "vault-token-cache-size", "experimental-vault-token-cache-size", "experimental-doppler-oidc-cache-size", "doppler-etag-cache-size", "mysterybox-tokens-cache-size",
            "mysterybox-connections-cache-size", "pulumi-oidc-cache-size", "zap-time-encoding", "metrics-cert-dir", "metrics-cert-name", "metrics-key-name",
        ])
        {
            flags.Ignore(name);
        }
        // Who asks for protection must not believe to have it.
        foreach (var name in (string[])["metrics-secure", "metrics-auth"])
        {
            flags.KeepOff(name, "metrics are served without TLS and login; keep their port inside the cluster by the NetworkPolicy");
        }
    }
}
