using System.Globalization;
using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Keys;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal keys new</c>.</summary>
internal sealed class KeysNewCommand : ICommand
{
    private const int SmallestKey = 2048;

    private static readonly Flag Size = new("key-size", FlagKind.Number, "bits of the RSA key") { Value = "BITS", Default = "4096" };

    public string Name => "keys new";

    public string Arguments => "[flags]";

    public string Summary => "Makes a sealing key now";

    public string Description => """
        The key is made here and stored as a key Secret beside the controller, which seals with it from then on (the original's
        controller: after a restart). Old keys keep opening what they sealed; `seal reencrypt` moves that to the new key.
        """;

    public IReadOnlyList<FlagGroup> Flags => [new("New key", [Size]), ClusterKeys.Keys];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments.Count > 0) throw new UsageException("keys new takes no arguments; the cluster chooses the name");
        var bits = long.Parse(flags.Text(Size), CultureInfo.InvariantCulture);
        if (bits is < SmallestKey or > 16384 || bits % 8 != 0) throw new UsageException($"--key-size takes 2048 to 16384 bits, in whole bytes");
        using var cluster = await ClusterKeys.OpenAsync(flags, cancellationToken);
        await cluster.ListAsync(cancellationToken); // before seconds go into a key: may we, and is there a cluster?
        using var key = SealingKeyGenerator.Generate((int)bits, "", time.GetUtcNow(), SealingKeyGenerator.DefaultTtl);
        var name = await cluster.CreateAsync(
            flags.Text(ClusterKeys.Prefix), exact: false, SealedSecretAnnotations.ActiveKey, key.PrivateKeyPem, Encoding.ASCII.GetBytes(key.CertificatePem), cancellationToken);
        Talk.Write($"created {cluster.Namespace}/{name}\n");
        return ExitCode.Success;
    }
}
