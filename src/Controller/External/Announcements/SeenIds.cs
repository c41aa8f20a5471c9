using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>The ids of genuine requests, as long as the same request would be genuine again. Bounded: when it is full nothing is accepted, rather than something twice.</summary>
internal sealed class SeenIds(TimeProvider time, int capacity = SeenIds.Most)
{
    public const int Most = 50_000;

    private readonly Dictionary<UInt128, DateTimeOffset> seen = [];
    private readonly Lock gate = new();

    public SeenResult Remember(string source, string id, DateTimeOffset until)
    {
        var key = KeyOf(source, id);
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (seen.TryGetValue(key, out var known) && known >= now) return SeenResult.Known;
            if (seen.Count >= capacity) DropOld(now);
            if (seen.Count >= capacity) return SeenResult.Full;
            seen[key] = until;
            return SeenResult.New;
        }
    }

    /// <summary>It was not acted on: the sender may try again.</summary>
    public void Forget(string source, string id)
    {
        lock (gate) seen.Remove(KeyOf(source, id));
    }

    private void DropOld(DateTimeOffset now)
    {
        foreach (var (key, until) in seen)
        {
            if (until < now) seen.Remove(key);
        }
    }

    // Of any length, they take the same room.
    private static UInt128 KeyOf(string source, string id)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{source}\n{id}"));
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
