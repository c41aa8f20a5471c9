using System.Security.Cryptography;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.DropIn;

/// <summary><c>--raw</c>: one value in, its base64 out, without a newline.</summary>
internal sealed class RawSealing(ParsedFlags flags, ClusterSettingsReader cluster)
{
    /// <param name="value">Zeroed when this returns.</param>
    /// <param name="certificate">To seal to.</param>
    public string Run(byte[] value, SealingCertificate certificate)
    {
        try
        {
            var scope = SealingScopes.TryParse(flags.Text(RootFlags.Scope), out var asked) ? asked : SealingScope.Strict;
            var space = scope == SealingScope.ClusterWide ? null : cluster.DefaultNamespace();
            if (scope != SealingScope.ClusterWide && space is null) throw Missing("namespace", scope);
            var name = flags.TextOrNull(RootFlags.Name);
            if (scope == SealingScope.Strict && name is null) throw Missing("name", scope);
            foreach (var problem in SecretSealing.Doubts(scope, space, name)) Talk.Warn(problem);
            return Sealer.TrySealItem(value, scope, space, name, certificate, out var item, out var failure)
                ? item
                : throw new CommandException(failure.Message);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(value);
        }
    }

    private static CommandException Missing(string flag, SealingScope scope) =>
        new($"must provide the --{flag} flag with --raw and --scope {SealingScopes.Name(scope)}");
}
