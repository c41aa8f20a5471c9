using System.Globalization;
using System.Text;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal cert</c>: the certificate of a cluster: fetched, shown, and kept for work without the cluster.</summary>
internal sealed class CertCommand : ICommand
{
    private const int WarningDays = 30;

    private static readonly Flag Cached = new("cached", FlagKind.Toggle, "do not ask the cluster: show the copy kept for its context") { FromEnvironment = false };
    private static readonly Flag Pem = new("pem", FlagKind.Toggle, "print the certificate itself") { FromEnvironment = false };

    public string Name => "cert";

    public string Arguments => "[flags]";

    public string Summary => "Fetches the certificate of a cluster, shows it, and keeps a copy for its kube context";

    public string Description => """
        The copy lies under $XDG_CACHE_HOME/gitopssecrets/certificates (~/.cache by default); it is public. Warns when the certificate
        is another than the copy, and 30 days before it ends.

        Examples:
          seal cert
          seal cert --cached --pem > cert.pem
        """;

    public IReadOnlyList<FlagGroup> Flags => [new("Certificate", [RootFlags.Cert, Cached, Pem]), ClusterFlags.Group];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments.Count > 0) throw new UsageException("cert takes no arguments; --cert names a file or a URL");
        var pem = await GetAsync(flags, cancellationToken);
        if (flags.On(Pem))
        {
            Talk.Write(pem.Content);
            return ExitCode.Success;
        }
        if (!SealingCertificate.TryLoad(Encoding.UTF8.GetString(pem.Content), out var certificate, out var failure)) throw new CommandException(failure.Message);
        var left = (certificate.NotAfter - time.GetUtcNow()).TotalDays;
        Talk.Write(string.Create(CultureInfo.InvariantCulture, $"""
            fingerprint  {certificate.Fingerprint}
            key          RSA-{certificate.KeyBits}
            valid        {certificate.NotBefore:yyyy-MM-dd} to {certificate.NotAfter:yyyy-MM-dd} ({(left < 0 ? "EXPIRED" : $"{Math.Floor(left)} days left")})
            from         {pem.Source}

            """));
        if (left < 0) throw new CommandException("the certificate has expired: nothing can be sealed with it. Make a new key with `seal keys new`");
        if (left < WarningDays) Talk.Warn(string.Create(CultureInfo.InvariantCulture, $"the certificate ends in {Math.Floor(left)} days; the controller should have renewed it by now"));
        return ExitCode.Success;
    }

    private static async Task<(byte[] Content, string Source)> GetAsync(ParsedFlags flags, CancellationToken cancellationToken)
    {
        var given = flags.TextOrNull(RootFlags.Cert);
        if (flags.On(Cached))
        {
            // Of the environment it is no wish for this command.
            if (given is not null && given != Environment.GetEnvironmentVariable(RootFlags.Cert.EnvironmentName)) throw new UsageException("--cached shows the copy that is kept; leave --cert out");
            var context = new ClusterSettingsReader(flags).Read().ContextName;
            var path = CertificateShelf.PathFor(context);
            return (CertificateShelf.Find(context) ?? throw new CommandException($"no certificate is kept for the context \"{context}\" ({path}); run seal cert while the cluster can be reached"), path);
        }
        if (given is not null) return (await CertificateSource.ReadAsync(flags, RootFlags.Cert, cancellationToken), given);
        using var controller = await ControllerClient.OpenAsync(flags, cancellationToken);
        var pem = await controller.CertificateAsync(cancellationToken);
        var name = controller.Settings.ContextName;
        var before = CertificateShelf.Find(name);
        if (!SealingCertificate.TryLoad(Encoding.UTF8.GetString(pem), out var fresh, out var failure)) throw new CommandException(failure.Message);
        if (before is not null && SealingCertificate.TryLoad(Encoding.UTF8.GetString(before), out var kept, out _) && kept.Fingerprint != fresh.Fingerprint)
            Talk.Warn($"the cluster's certificate changed since it was fetched last (it was {kept.Fingerprint})");
        return (pem, $"{controller.Settings.Server}{Keep(name, pem)}");
    }

    /// <summary>A copy that cannot be kept takes the certificate from nobody.</summary>
    private static string Keep(string context, byte[] pem)
    {
        try
        {
            return $" (copy: {CertificateShelf.Keep(context, pem)})";
        }
        catch (CommandException failure)
        {
            Talk.Warn($"no copy is kept for work without the cluster: {failure.Message}");
            return "";
        }
    }
}
