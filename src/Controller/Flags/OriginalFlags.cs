namespace GitOpsSecrets.Controller.Flags;

/// <summary>
/// The flags of Sealed Secrets with which its controller starts whatever they say. It sets each from the environment without looking at the error: a number, a duration or a switch that cannot be
/// read is then zero or false, in silence; and it has a standard for three texts. A cluster that lives with such a value must start with us too, and as it did; we say so in the log.
/// </summary>
internal static class OriginalFlags
{
    public static void Forgive(FlagSet flags)
    {
        foreach (var name in (string[])
        [
            "key-size", "key-ttl", "key-renew-period", "rotate-period", "key-order-priority", "accept-deprecated-v1-data", "all-namespaces", "rate-limit", "rate-limit-burst", "old-gc-behavior",
            "update-status", "watch-for-secrets", "skip-recreate", "log-info-stdout", "log-level", "log-format", "max-unseal-retries", "kubeclient-qps", "kubeclient-burst", "read-timeout",
            "write-timeout",
        ])
        {
            flags.Forgive(name);
        }
    }
}
