using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>What the metrics say about keys, computed when they are asked for.</summary>
internal sealed class KeyMetrics(Metrics metrics, SealingKeyStore keys, SealedCaches caches, TimeSpan warning, TimeProvider time)
{
    public void Refresh()
    {
        var ring = keys.Ring;
        var now = time.GetUtcNow();
        metrics.Keys.Set(ring.Keys.Count);
        metrics.RejectedKeys.Set(keys.Rejected.Count);
        Metrics.Replace(metrics.KeyAge, [.. ring.Keys.Select(key => (Labels(ring, key), (now - key.OrderingTime).TotalSeconds))]);
        Metrics.Replace(metrics.CertificateExpiry, [.. ring.Keys
            .Where(key => key.Certificate is not null)
            .Select(key => (Labels(ring, key), (double)key.Certificate!.NotAfter.ToUnixTimeSeconds()))]);
        metrics.CertificateExpiresSoon.Set(ring.Current?.Certificate is { } certificate && CertificateExpiry.IsSoon(certificate, warning, now) ? 1 : 0);
        var all = caches.All.ToList();
        Metrics.Replace(metrics.KeyObjects, CountObjects(ring, all));
        var unreadable = caches.Unreadable.ToHashSet();
        metrics.KeyObjectsUnaccounted.Set(caches.OutOfReach + unreadable.Count + all.Count(cached => !cached.IsAccounted && !unreadable.Contains(cached.Key)));
    }

    /// <summary>Every key of the ring, also those that no object needs any more: those can be retired, once every object is accounted for.</summary>
    private static List<(string[] Labels, double Value)> CountObjects(KeyRing ring, List<CachedSealedSecret> all)
    {
        var counts = ring.Keys.ToDictionary(key => key.Fingerprint, _ => 0.0, StringComparer.Ordinal);
        foreach (var fingerprint in all.SelectMany(cached => cached.SealingKeys))
        {
            counts[fingerprint] = counts.GetValueOrDefault(fingerprint) + 1;
        }
        return [.. counts.Select(entry => (new[] { entry.Key }, entry.Value))];
    }

    private static string[] Labels(KeyRing ring, SealingKey key) => [key.Fingerprint, key == ring.Current ? "true" : "false"];
}
