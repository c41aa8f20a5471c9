using System.Globalization;
using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Bench;

/// <summary>
/// Sealing and opening a three-item Secret, RSA-4096, in a warm process; against the original's rates as recorded, 1,870 and 105 RSA
/// operations per CPU-second at their best. Sealing has no goal here: it is managed code on purpose, slower warm (0.7 ms an item) and much
/// faster cold, which is how it is used.
/// </summary>
internal static class SealBenchmark
{
    private const double OriginalSeals = 1870 / 3.0;
    private const double OriginalOpens = 105 / 3.0;

    public static bool Run(string[] args)
    {
        using var generated = SealingKeyGenerator.Generate(4096, "", DateTimeOffset.UnixEpoch, TimeSpan.FromDays(1));
        if (!SealingPrivateKey.TryLoad(Encoding.ASCII.GetString(generated.PrivateKeyPem), out var privateKey, out _)
            || !SealingCertificate.TryLoad(generated.CertificatePem, out var certificate, out _)
            || !SealingKey.TryCreate(privateKey, certificate, null, out var key, out _)) throw new InvalidOperationException("a generated key does not load");
        using var ring = KeyRing.Empty.With(key);
        var data = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal) { ["a"] = new byte[20], ["b"] = new byte[20], ["c"] = new byte[20] };
        var secret = new Secret { Metadata = new ObjectMeta { Name = "db", Namespace = "team-a" }, Data = data };
        var sealedSecret = Sealer.Seal(secret, certificate, hint: true).SealedSecret!;

        var seals = CpuMeter.Rate(TimeSpan.FromSeconds(2), () => Sealer.Seal(secret, certificate, hint: true));
        var opens = CpuMeter.Rate(TimeSpan.FromSeconds(2), () => Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default).Dispose());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"three items, per CPU-second: {seals:F0} sealed ({seals / OriginalSeals:F2} of the original as recorded), {opens:F1} opened"));
        return Verdict.AtLeast("opening, ours / original as recorded", opens / OriginalOpens, 1);
    }
}
