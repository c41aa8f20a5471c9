using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>The one way to encrypt what was not encrypted before.</summary>
internal static class NewFile
{
    public static async Task<SopsFile> SealAsync(ParsedFlags flags, string name, PlainFile plain, SealingOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var sealedFile = await SopsFile.SealAsync(plain, options, PublicKeys(flags), time, cancellationToken);
            WarnOfMixedKeys(name, sealedFile);
            return sealedFile;
        }
        catch (SopsException failure) when (failure.Failure == SopsFailure.NoKey)
        {
            throw new CommandException($"{name}: {Explain(failure, options.KeyGroups)}", failure);
        }
        catch (SopsException failure)
        {
            throw SopsProblem.Of(name, failure);
        }
    }

    public static void WarnOfMixedKeys(string name, SopsFile file)
    {
        if (file.Metadata.MixesPostQuantum)
            Talk.Warn($"{name}: some recipients are post-quantum and others are not; the file is only as safe as the weakest of them");
    }

    /// <summary>To encrypt, no private key is needed: only the OpenPGP public keys among the files named, and the services that keep keys.</summary>
    private static SopsKeyring PublicKeys(ParsedFlags flags)
    {
        var builder = new SopsKeyringBuilder();
        var files = new KeyFiles(flags, builder);
        foreach (var path in flags.List(SopsFlags.KeyFile)) files.Add(path);
        CloudKeys.AddTo(builder);
        return builder.Build();
    }

    public static string Explain(SopsException failure, IReadOnlyList<KeyGroup> groups) =>
        groups.SelectMany(group => group.Keys).Any(key => key.Kind == MasterKeyKind.Pgp)
            ? $"{failure.Message}; gpg's own key ring is not read: `gpg --armor --export FINGERPRINT > key.asc` and --key-file key.asc"
            : failure.Message;
}
