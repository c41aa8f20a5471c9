using System.Globalization;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Keys;
using GitOpsSecrets.Sops.Rules;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>For a new file: to whom, and which values. Flags and their variables come before the creation rules, each part for itself.</summary>
internal static class SealingPlan
{
    private const int MaxGroups = 255;

    /// <param name="flags">The command line.</param>
    /// <param name="file">The file as creation rules know it; <c>null</c> when nothing says.</param>
    /// <param name="usual">Which values, when neither flags nor rules say.</param>
    /// <exception cref="CommandException">No keys, or flags that contradict each other.</exception>
    public static SealingOptions For(ParsedFlags flags, string? file, SelectionRule? usual = null)
    {
        var keys = Keys(flags);
        var rules = RulesFile.Find(flags, file);
        var rule = rules?.Match(file)?.Options;
        if (keys.Count == 0 && rule is null)
        {
            throw new CommandException(rules is null
                ? "no keys to encrypt to: name them with --age or --pgp, or write creation rules into a .sops.yaml"
                : $"{rules.Path}: no creation rule is for {file ?? "standard input; say with --filename-override what file it stands for"}");
        }
        IReadOnlyList<KeyGroup> groups = keys.Count > 0 ? [new KeyGroup(keys)] : rule!.KeyGroups;
        return new SealingOptions(
            groups,
            Threshold(flags) ?? rule?.ShamirThreshold ?? 0,
            Selection(flags) ?? rule?.Rule ?? usual,
            flags.Given(SopsFlags.MacOnlyEncrypted) ? flags.On(SopsFlags.MacOnlyEncrypted) : rule?.MacOnlyEncrypted ?? false);
    }

    public static int? Threshold(ParsedFlags flags)
    {
        if (!flags.Given(SopsFlags.Threshold)) return null;
        var number = int.Parse(flags.Text(SopsFlags.Threshold), CultureInfo.InvariantCulture);
        return number is >= 0 and <= MaxGroups ? number : throw new UsageException($"--{SopsFlags.Threshold.Name} takes 2 to {MaxGroups}");
    }

    /// <summary>What flags or variables name, each key once.</summary>
    private static List<MasterKey> Keys(ParsedFlags flags)
    {
        var keys = new List<MasterKey>();
        Add(SopsFlags.Kms, "SOPS_KMS_ARN", text => AwsKms(flags, text));
        Add(SopsFlags.Pgp, "SOPS_PGP_FP", MasterKey.Pgp);
        Add(SopsFlags.GcpKms, "SOPS_GCP_KMS_IDS", MasterKeyText.GcpKms);
        Add(SopsFlags.AzureKv, "SOPS_AZURE_KEYVAULT_URLS", MasterKeyText.AzureKeyVault);
        Add(SopsFlags.VaultTransit, "SOPS_VAULT_URIS", MasterKeyText.VaultTransit);
        Add(SopsFlags.Age, "SOPS_AGE_RECIPIENTS", MasterKey.Age);
        return keys;

        void Add(Flag flag, string variable, Func<string, MasterKey> read)
        {
            var given = flags.Given(flag) ? flags.List(flag) : PrivateKeys.Variable(variable)?.Split(',') ?? [];
            foreach (var key in KeysNamed(given, flag, read).Where(key => !keys.Any(key.IsSameKey))) keys.Add(key);
        }
    }

    /// <summary>With the profile and the context that go with every AWS KMS key of a command line.</summary>
    public static MasterKey AwsKms(ParsedFlags flags, string text) => MasterKeyText.AwsKms(text, flags.Text(SopsFlags.AwsProfile), flags.List(SopsFlags.EncryptionContext));

    /// <param name="texts">As the flag's list has them.</param>
    /// <param name="flag">For messages.</param>
    /// <param name="read">From one text.</param>
    public static IEnumerable<MasterKey> KeysNamed(IEnumerable<string> texts, Flag flag, Func<string, MasterKey> read) =>
        texts.Select(text => text.Trim()).Where(text => text.Length > 0).Select(text => SopsProblem.Tell($"--{flag.Name}", () => read(text)));

    private static SelectionRule? Selection(ParsedFlags flags)
    {
        var given = SopsFlags.Selection.Where(flag => flags.TextOrNull(flag) is not null).ToList();
        if (given.Count > 1)
            throw new CommandException($"--{given[0].Name} and --{given[1].Name} cannot both hold: a file has one rule") { Code = SopsExitCode.ConflictingParameters };
        if (given.Count == 0) return null;
        var kind = Enum.GetValues<SelectionKind>()[SopsFlags.Selection.ToList().IndexOf(given[0])];
        return SopsProblem.Tell($"--{given[0].Name}", () => SelectionRule.Create(kind, flags.Text(given[0])));
    }
}
