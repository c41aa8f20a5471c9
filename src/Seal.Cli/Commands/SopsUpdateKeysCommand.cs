using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Sops;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sops;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal sops updatekeys FILE…</c>.</summary>
internal sealed class SopsUpdateKeysCommand : ICommand
{
    private static readonly Flag Yes = SopsFlags.Toggle("yes", "do not ask") with { Letter = 'y' };

    public string Name => "sops updatekeys";

    public string Arguments => "[flags] FILE…";

    public string Summary => "Gives SOPS files the keys that the creation rules name now";

    public string Description => """
        Values stay as they are, byte for byte; only the copies of the data key change. Who is removed can still open older versions and
        knows the data key: follow with `seal sops rotate`, and change the secrets.

        Example:
          seal sops updatekeys --yes apps/*.enc.yaml
        """;

    public IReadOnlyList<FlagGroup> Flags =>
    [
        new("Change", [Yes, SopsFlags.Threshold]), SopsFlags.Opening, new("Files", [SopsFlags.InputType, SopsFlags.Config, SopsFlags.Indent]),
    ];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments.Count == 0) throw SopsInput.NoFile();
        foreach (var path in flags.Arguments) await UpdateAsync(flags, path, time, cancellationToken);
        return ExitCode.Success;
    }

    private static async Task UpdateAsync(ParsedFlags flags, string path, TimeProvider time, CancellationToken cancellationToken)
    {
        var input = SopsInput.Read(flags, path);
        var file = ExistingFile.Parse(input);
        var rules = RulesFile.Find(flags, path) ?? throw new CommandException($"{path}: there is no .sops.yaml in its folder or above, and none was named with --config");
        var wanted = rules.Match(path)?.Options ?? throw new CommandException($"{rules.Path}: no creation rule is for {path}");
        var threshold = Threshold(flags, wanted, file);
        var changes = KeyChange.Describe(file.Metadata.KeyGroups, file.Metadata.ShamirThreshold, wanted.KeyGroups, threshold);
        if (changes.Count == 0)
        {
            Talk.Write($"current {path}\n");
            return;
        }
        Talk.Write($"{path}:\n{string.Join('\n', changes)}\n");
        if (!flags.On(Yes) && !Talk.Confirm("Is this right? (y/n): "))
        {
            Talk.Write($"unchanged {path}\n");
            return;
        }
        var keyring = PrivateKeys.Load(flags);
        using var open = await ExistingFile.OpenAsync(path, file, keyring, MacCheck.Required, cancellationToken);
        var updated = await KeyChange.TellAsync(path, wanted.KeyGroups, () => open.UpdateKeysAsync(wanted.KeyGroups, threshold, keyring, time, cancellationToken));
        NewFile.WarnOfMixedKeys(path, updated);
        OutputFile.Change(path, input.Bytes, SopsProblem.Tell(path, () => updated.ToBytes(RulesFile.Layout(flags, path), SopsLimits.OwnFiles)));
        Talk.Write($"changed {path}\n");
    }

    /// <summary>By flag, by rule, else as it was; with one group there is none.</summary>
    private static int Threshold(ParsedFlags flags, SealingOptions wanted, SopsFile file)
    {
        if (wanted.KeyGroups.Count < 2) return 0;
        var asked = SealingPlan.Threshold(flags) ?? (wanted.ShamirThreshold > 0 ? wanted.ShamirThreshold : file.Metadata.ShamirThreshold);
        return asked == 0 ? wanted.KeyGroups.Count : Math.Min(asked, wanted.KeyGroups.Count);
    }
}
