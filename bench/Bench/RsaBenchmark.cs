using System.Diagnostics;
using System.Globalization;
using System.Text;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Bench;

/// <summary>
/// RSA-4096 OAEP private operations through <see cref="SealingPrivateKey"/>, against <c>openssl speed</c>'s bare RSA-4096 signing, which is the
/// same arithmetic without padding, label and the way from .NET. Both figures are per CPU-second; rounds alternate, medians are compared.
/// </summary>
internal static class RsaBenchmark
{
    private const double Goal = 0.95;
    private const int Rounds = 3;

    public static bool Run(string[] args)
    {
        using var generated = SealingKeyGenerator.Generate(4096, "", DateTimeOffset.UnixEpoch, TimeSpan.FromDays(1));
        if (!SealingPrivateKey.TryLoad(Encoding.ASCII.GetString(generated.PrivateKeyPem), out var key, out _)
            || !SealingCertificate.TryLoad(generated.CertificatePem, out var certificate, out _))
            throw new InvalidOperationException("a generated key does not load");
        var label = "my-namespace/my-secret"u8.ToArray();
        var item = certificate.Seal("value"u8, label);
        if (!SealedItem.TryParse(item, out var parsed, out _)) throw new InvalidOperationException("a sealed item does not parse");
        var block = parsed.SealedSessionKey.ToArray();
        var message = new byte[key.BlockSize];

        var (ours, openssl) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(CpuMeter.Rate(TimeSpan.FromSeconds(3), () => Open(key, block, label, message)));
            openssl.Add(OpenSslSignsPerSecond());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: {OaepBackend.Name} {ours[^1]:F0}/s, openssl speed {openssl[^1]:F0}/s"));
        }
        key.Dispose();
        return Verdict.AtLeast("private operations, ours / openssl", CpuMeter.Median(ours) / CpuMeter.Median(openssl), Goal);
    }

    private static void Open(SealingPrivateKey key, byte[] block, byte[] label, byte[] message)
    {
        if (!key.TryOpen(block, label, message, out _)) throw new InvalidOperationException("a sealed block does not open");
    }

    /// <summary>openssl counts user CPU time unless told otherwise.</summary>
    private static double OpenSslSignsPerSecond()
    {
        var start = new ProcessStartInfo("openssl", ["speed", "-mr", "-seconds", "3", "rsa4096"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("openssl does not start");
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        // Machine-readable: +F2:index:bits:signs per second:verifications per second
        var fields = output.Split('\n').First(line => line.StartsWith("+F2:", StringComparison.Ordinal)).Split(':');
        return double.Parse(fields[3], CultureInfo.InvariantCulture);
    }
}
