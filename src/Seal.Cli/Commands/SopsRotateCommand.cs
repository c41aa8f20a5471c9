using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Sops;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal sops rotate FILE</c>.</summary>
internal sealed class SopsRotateCommand : ICommand
{
    private static readonly (string Name, Func<ParsedFlags, string, MasterKey> Read)[] Kinds =
    [
        ("age", (_, text) => MasterKey.Age(text)), ("pgp", (_, text) => MasterKey.Pgp(text)), ("kms", SealingPlan.AwsKms), ("gcp-kms", (_, text) => MasterKeyText.GcpKms(text)),
        ("azure-kv", (_, text) => MasterKeyText.AzureKeyVault(text)), ("hc-vault-transit", (_, text) => MasterKeyText.VaultTransit(text)),
    ];

    private static readonly Flag[] Add = [.. Kinds.Select(kind => SopsFlags.List("add-" + kind.Name, "KEY,…", $"encrypt to these {kind.Name} keys as well"))];
    private static readonly Flag[] Remove = [.. Kinds.Select(kind => SopsFlags.List("rm-" + kind.Name, "KEY,…", $"and no longer to these {kind.Name} keys"))];

    public string Name => "sops rotate";

    public string Arguments => "[flags] FILE";

    public string Summary => "Encrypts a SOPS file anew under a new data key";

    public string Description => """
        Who had the old data key can read nothing of the new file; old versions in Git stay readable to them, so change the secrets too.

        Examples:
          seal sops rotate -i secret.enc.yaml
          seal sops rotate -i --add-age age1… --rm-pgp 85D77543B3D624B63CEA9E6DBC17301B491B3F21 secret.enc.yaml
        """;

    public IReadOnlyList<FlagGroup> Flags =>
    [
        new("Result", [SopsFlags.InPlace, SopsFlags.Output]), new("Keys to encrypt to", [.. Add, .. Remove, SopsFlags.EncryptionContext, SopsFlags.AwsProfile]), SopsFlags.Opening, SopsFlags.Files,
    ];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        var input = SopsInput.Read(flags);
        var file = ExistingFile.Parse(input);
        var keyring = PrivateKeys.Load(flags);
        using var open = await ExistingFile.OpenAsync(input.Name, file, keyring, MacCheck.Required, cancellationToken);
        var groups = Groups(flags, file.Metadata.KeyGroups);
        var rotated = await KeyChange.TellAsync(input.Name, groups, () => open.RotateAsync(groups, Math.Min(file.Metadata.ShamirThreshold, groups.Count), keyring, time, cancellationToken));
        NewFile.WarnOfMixedKeys(input.Name, rotated);
        input.Write(flags, SopsProblem.Tell(input.Name, () => rotated.ToBytes(RulesFile.Layout(flags, input.RulePath), SopsLimits.OwnFiles)), secret: false);
        return ExitCode.Success;
    }

    /// <summary>New keys go to the first group, as in the original; removed ones leave all.</summary>
    private static List<KeyGroup> Groups(ParsedFlags flags, IReadOnlyList<KeyGroup> groups)
    {
        var added = Named(flags, Add).ToList();
        var removed = Named(flags, Remove).ToList();
        return
        [
            .. groups.Select((group, i) => group.Keys.Where(key => !removed.Any(key.IsSameKey))
                    .Concat(i == 0 ? added.Where(key => !group.Keys.Any(key.IsSameKey)) : []).ToList())
                .Where(keys => keys.Count > 0).Select(keys => new KeyGroup(keys)),
        ];
    }

    private static IEnumerable<MasterKey> Named(ParsedFlags flags, Flag[] spelled) =>
        spelled.Zip(Kinds).SelectMany(pair => SealingPlan.KeysNamed(flags.List(pair.First), pair.First, text => pair.Second.Read(flags, text)));
}
