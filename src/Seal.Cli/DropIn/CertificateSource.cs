using System.Text;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.DropIn;

/// <summary>Where the certificate to seal with comes from: a file, a URL, or the controller.</summary>
internal static class CertificateSource
{
    private const string FileScheme = "file:/";

    /// <summary>The source as it is, byte for byte.</summary>
    public static async ValueTask<byte[]> ReadAsync(ParsedFlags flags, Flag cert, CancellationToken cancellationToken)
    {
        if (flags.TextOrNull(cert) is not { } place)
        {
            using var controller = await ControllerClient.OpenAsync(flags, cancellationToken);
            return await controller.CertificateAsync(cancellationToken);
        }
        if (place.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase)) return ReadFile(place);
        return place.Contains("://", StringComparison.Ordinal)
            ? await CertificateDownload.GetAsync(place, flags, cancellationToken)
            : InputFile.Read(place);
    }

    /// <summary>As the original's HTTP client does it: the path counts, whatever stands for a host.</summary>
    private static byte[] ReadFile(string address)
    {
        var rest = address[(FileScheme.Length - 1)..];
        if (rest.StartsWith("//", StringComparison.Ordinal)) rest = rest[2..] is var authority && authority.IndexOfAny(['/', '?', '#']) is >= 0 and var end ? authority[end..] : "";
        var path = Uri.UnescapeDataString(rest.Split('?', '#')[0]);
        // file:///C:/cert.pem
        if (OperatingSystem.IsWindows() && path is ['/', _, ':', ..]) path = path[1..];
        try
        {
            return InputFile.Read(path);
        }
        catch (CommandException failure)
        {
            throw new CommandException($"{address}: {failure.Message}; an address names a file by file:///absolute/path, and a path does alone", failure);
        }
    }

    /// <summary>The certificate, known to be usable today.</summary>
    public static async ValueTask<SealingCertificate> LoadAsync(ParsedFlags flags, Flag cert, TimeProvider time, CancellationToken cancellationToken)
    {
        var pem = await ReadAsync(flags, cert, cancellationToken);
        return Parse(pem, time, Describe(flags, cert));
    }

    /// <param name="pem">PEM text.</param>
    /// <param name="time">Says what expired means.</param>
    /// <param name="source">Names it in the remedy.</param>
    /// <exception cref="CommandException">No RSA certificate in it, or an expired one.</exception>
    public static SealingCertificate Parse(byte[] pem, TimeProvider time, string source)
    {
        // Editors on Windows put a byte order mark before it.
        var text = Encoding.UTF8.GetString(pem).TrimStart('\uFEFF');
        if (!SealingCertificate.TryLoad(text, out var certificate, out var failure))
        {
            var what = failure.Kind != SealingFailureKind.NoCertificate ? "holds a certificate that cannot be sealed to; sealing takes one with an RSA key"
                : text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? "holds a private key; sealing takes the certificate" : "holds no certificate in PEM form";
            throw new CommandException($"{failure.Message}\n{source} {what}, as `seal --fetch-cert > cert.pem` fetches it");
        }
        if (certificate.CheckExpiry(time.GetUtcNow()) is { } expired)
        {
            throw new CommandException(
                $"{expired.Message}\n{source} is past its end; what is sealed to it still opens. Fetch the current one with `seal --fetch-cert > cert.pem`; if the controller itself serves the expired one, make a new key with `seal keys new`");
        }
        if (ExamplePair.Is(certificate)) Talk.Warn($"{source} is the certificate of the public example pair (keys.example): ANYBODY can open what is sealed to it, and controllers refuse it; take it for trying out only");
        return certificate;
    }

    public static string Describe(ParsedFlags flags, Flag cert) =>
        flags.TextOrNull(cert) ?? $"the certificate of {flags.Text(ClusterFlags.ControllerNamespace)}/{flags.Text(ClusterFlags.ControllerName)}";
}
