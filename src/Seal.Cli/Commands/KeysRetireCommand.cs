using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Keys;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal keys retire NAME</c>.</summary>
internal sealed class KeysRetireCommand : ICommand
{
    /// <summary>Any label value but "active" keeps controllers away from a key; backups still include it.</summary>
    private const string Retired = "retired";

    private static readonly Flag Force = new("force", FlagKind.Toggle, "retire it though something may need it") { FromEnvironment = false };
    private static readonly Flag Undo = new("undo", FlagKind.Toggle, "bring a retired key back") { FromEnvironment = false };

    public string Name => "keys retire";

    public string Arguments => "NAME [flags]";

    public string Summary => "Retires a sealing key that nothing needs any more";

    public string Description => """
        Relabels the key Secret, so that controllers no longer use it; the Secret stays, and --undo brings it back. Refused
        while a SealedSecret's status names the key, while some status does not tell which key is needed now, and for the key that seals.
        """;

    public IReadOnlyList<FlagGroup> Flags => [new("Retirement", [Force, Undo]), ClusterKeys.Keys];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments is not [var name]) throw new UsageException("keys retire takes the name of one key Secret");
        using var cluster = await ClusterKeys.OpenAsync(flags, cancellationToken);
        var keys = await cluster.ListAsync(cancellationToken);
        var key = keys.FirstOrDefault(key => key.Name == name)
            ?? throw new CommandException($"no sealing key {name} in namespace {cluster.Namespace}; seal keys lists them");
        if (flags.On(Undo)) return await UndoAsync(cluster, key, cancellationToken);
        if (key.IsRejected)
        {
            // The controller opens nothing with it, so nothing can miss it.
            Talk.Warn($"{name} was rejected: {key.Problem}");
            return await RetireAsync(cluster, name, cancellationToken);
        }
        if (!key.IsActive)
        {
            Talk.Write($"{name} is {key.State} already\n");
            return ExitCode.Success;
        }
        var current = await cluster.CurrentAsync(keys, cancellationToken);
        var (use, unknown) = await cluster.UseAsync(cancellationToken);
        var reasons = Reasons(key, current, use, unknown).ToList();
        if (reasons.Count > 0 && !flags.On(Force)) throw new CommandException($"{name} was not retired:\n{string.Join('\n', reasons)}\n--force retires it nevertheless");
        foreach (var reason in reasons) Talk.Warn(reason);
        return await RetireAsync(cluster, name, cancellationToken);
    }

    /// <summary>How to bring back a key whose Secret is there, under another state than active.</summary>
    public static string RemedyOf(ClusterKey key) => $"seal keys retire {key.Name} --undo";

    private static async Task<int> RetireAsync(ClusterKeys cluster, string name, CancellationToken cancellationToken)
    {
        await cluster.SetStateAsync(name, Retired, cancellationToken);
        Talk.Write($"retired {cluster.Namespace}/{name}\n");
        return ExitCode.Success;
    }

    private static async Task<int> UndoAsync(ClusterKeys cluster, ClusterKey key, CancellationToken cancellationToken)
    {
        var isDone = key.Label == SealedSecretAnnotations.ActiveKey;
        if (!isDone) await cluster.SetStateAsync(key.Name, SealedSecretAnnotations.ActiveKey, cancellationToken);
        Talk.Write(!isDone ? $"{SealedSecretAnnotations.ActiveKey} again {cluster.Namespace}/{key.Name}\n" : $"{key.Name} is {(key.IsRejected ? "labelled " : "")}{key.Label} already\n");
        if (key.Problem is not null) Talk.Warn($"{key.Name} is rejected: {key.Problem}");
        return ExitCode.Success;
    }

    private static IEnumerable<string> Reasons(ClusterKey key, string? current, KeyUse? use, string? unknown)
    {
        if (key.Fingerprint is { } own && own == current)
            yield return "it is the key that seals now; make another first: seal keys new";
        if (use is null)
        {
            yield return unknown!;
            yield break;
        }
        var needing = use.Needing(key.Fingerprint);
        if (needing.Count > 0) yield return $"{KeyUse.Some(needing, "is", "are")} sealed with it; seal reencrypt moves them to the newest key";
        if (use.Untold.Count > 0) yield return $"{KeyUse.Some(use.Untold, "does", "do")} not open as of now, or not yet, so this may be the key: kubectl describe says what is the matter";
        if (use.Silent.Count > 0) yield return $"{KeyUse.Some(use.Silent, "does", "do")} {KeyUse.SilenceExplained}, so it may be this one";
    }
}
