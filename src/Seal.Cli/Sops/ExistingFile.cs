using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>The one way to open an encrypted file.</summary>
internal static class ExistingFile
{
    /// <summary>What a data key costs to open is bounded; passphrases as recipients are refused, as everywhere in SOPS.</summary>
    public static async Task<OpenSopsFile> OpenAsync(string name, SopsFile file, SopsKeyring keyring, MacCheck macCheck, CancellationToken cancellationToken)
    {
        try
        {
            return await file.OpenAsync(keyring, macCheck, limits: null, cancellationToken);
        }
        catch (SopsException failure) when (failure.Failure == SopsFailure.NoKey)
        {
            throw new CommandException($"{name}: {failure.Message}\n{Explain(file)}", failure) { Code = SopsExitCode.NoKey };
        }
        catch (SopsException failure)
        {
            throw SopsProblem.Of(name, failure);
        }
    }

    public static SopsFile Parse(SopsInput input) => SopsProblem.Tell(input.Name, () => SopsFile.Parse(input.Bytes, input.Format, SopsLimits.OwnFiles));

    public static async Task<OpenSopsFile> OpenAsync(ParsedFlags flags, SopsInput input, SopsFile file, CancellationToken cancellationToken) =>
        await OpenAsync(input.Name, file, PrivateKeys.Load(flags), flags.On(SopsFlags.IgnoreMac) ? MacCheck.Impossible : MacCheck.Required, cancellationToken);

    private static string Explain(SopsFile file)
    {
        var keys = file.Metadata.KeyGroups.SelectMany(group => group.Keys).ToList();
        var lines = new List<string> { $"It is encrypted to {string.Join(", ", keys.Select(key => key.ToString()))}." };
        lines.Add("Give a private key with --key-file, in $SOPS_AGE_KEY_FILE, or in sops/age/keys.txt in your configuration folder.");
        if (keys.Any(key => key.Kind == MasterKeyKind.Pgp))
        {
            lines.Add($"gpg is not run{(PrivateKeys.Variable("SOPS_GPG_EXEC") is null ? "" : ", and $SOPS_GPG_EXEC has no effect")}: `gpg --armor --export-secret-keys FINGERPRINT > key.asc` and --key-file key.asc.");
        }
        var strange = keys.Select(key => key.Kind).Where(kind => kind is not (MasterKeyKind.Age or MasterKeyKind.Pgp) && !CloudKeys.Knows(kind)).Distinct().ToList();
        if (strange.Count > 0) lines.Add($"Keys of {string.Join(" and ", strange)} cannot be used by this command yet.");
        return string.Join('\n', lines);
    }
}
