using System.Globalization;
using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Bench;

/// <summary>
/// Opening three-item objects with a ring of 50 keys against a ring of the one right key. RSA-2048: the operations are cheaper than
/// 4096-bit ones, so what the ring itself costs weighs more, and 50 keys are made in seconds.
/// </summary>
internal static class KeyRingBenchmark
{
    private const int Count = 50;
    private const double Goal = 1.2;

    public static bool Run(string[] args)
    {
        Console.Error.WriteLine($"making {Count} keys…");
        var keys = Enumerable.Range(0, Count).Select(MakeKey).ToArray();
        using var ring = KeyRing.Of(keys);
        var hinted = keys.Select(key => Seal(key, hint: true)).ToArray();
        var plain = keys.Select(key => Seal(key, hint: false)).ToArray();
        var singles = keys.Select(key => KeyRing.Empty.With(key)).ToArray();

        var one = Rate(i => Open(plain[i], singles[i], []));
        var annotated = Rate(i => Open(hinted[i], ring, []));
        var remembered = Rate(i => Open(plain[i], ring, [keys[i].Fingerprint]));
        var unknown = Rate(i => Open(plain[i], ring, []));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one key {one:F0} objects per CPU-second; never seen and without a hint, {Count} keys: {unknown:F0}"));
        return Verdict.AtMost($"{Count} keys, hint in the annotation: cost against one key", one / annotated, Goal)
            & Verdict.AtMost($"{Count} keys, key of the last opening known: cost against one key", one / remembered, Goal);
    }

    private static double Rate(Action<int> open)
    {
        var i = 0;
        return CpuMeter.Rate(TimeSpan.FromSeconds(2), () => open(i++ % Count));
    }

    private static void Open(SealedSecret sealedSecret, KeyRing ring, IReadOnlyList<string> hints)
    {
        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default with { KeyHints = hints, Parallelism = 1 });
        if (!result.Succeeded) throw new InvalidOperationException(result.Failure.Message);
    }

    private static SealedSecret Seal(SealingKey key, bool hint)
    {
        var data = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal) { ["a"] = new byte[20], ["b"] = new byte[20], ["c"] = new byte[20] };
        var secret = new Secret { Metadata = new ObjectMeta { Name = "db", Namespace = "team-a" }, Data = data };
        return Sealer.Seal(secret, key.Certificate!, hint).SealedSecret!;
    }

    private static SealingKey MakeKey(int day)
    {
        using var generated = SealingKeyGenerator.Generate(2048, "", DateTimeOffset.UnixEpoch.AddDays(day), TimeSpan.FromDays(1));
        if (SealingPrivateKey.TryLoad(Encoding.ASCII.GetString(generated.PrivateKeyPem), out var privateKey, out _)
            && SealingCertificate.TryLoad(generated.CertificatePem, out var certificate, out _)
            && SealingKey.TryCreate(privateKey, certificate, null, out var key, out _)) return key;
        throw new InvalidOperationException("a generated key does not load");
    }
}
