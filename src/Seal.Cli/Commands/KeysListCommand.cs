using System.Globalization;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Keys;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal keys</c>: the sealing keys of a cluster.</summary>
internal sealed class KeysListCommand : ICommand
{
    private static readonly string[] Titles = ["NAME", "STATE", "AGE", "ENDS", "OPENS", "FINGERPRINT"];

    public string Name => "keys list";

    public string Arguments => "[flags]";

    public string Summary => "Lists the sealing keys of a cluster: age, end, and how many SealedSecrets each one opens";

    public string Description => """
        `seal keys` alone does the same. OPENS counts the SealedSecrets whose status names the key, and is ? where they cannot be
        listed; the current key seals, as the controller says, or if it does not answer, the newest active one. A rejected one is
        labelled active, and the controller cannot use it; a warning says why.

        Other commands for keys:
          seal keys new                    make one now, for sealing from now on
          seal keys retire NAME            stop using one, if nothing needs it any more
          seal keys backup --out FILE      save all of them, encrypted with a passphrase
          seal keys restore FILE           bring them back
        """;

    public IReadOnlyList<FlagGroup> Flags => [ClusterKeys.Keys];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments.Count > 0) throw new UsageException("keys list takes no arguments; it lists all");
        using var cluster = await ClusterKeys.OpenAsync(flags, cancellationToken);
        var keys = await cluster.ListAsync(cancellationToken);
        if (keys.Count == 0) throw new CommandException($"no sealing keys in namespace {cluster.Namespace}; is --controller-namespace right?");
        var (use, unknown) = await cluster.UseAsync(cancellationToken);
        var current = await cluster.CurrentAsync(keys, cancellationToken);
        List<string[]> rows = [Titles, .. keys.Select(key => Row(key, key.IsActive && key.Fingerprint == current, use, time.GetUtcNow()))];
        var widths = Enumerable.Range(0, Titles.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows) Talk.Write(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd() + "\n");
        foreach (var key in keys.Where(key => key.Problem is not null)) Talk.Warn($"{key.Name} {key.Problem}");
        if (use is null) Talk.Warn(unknown!);
        else Explain(use, keys);
        return ExitCode.Success;
    }

    private static void Explain(KeyUse use, IReadOnlyList<ClusterKey> keys)
    {
        foreach (var (fingerprint, names) in use.NeedingOtherThan([.. keys.Where(key => key.IsActive).Select(key => key.Fingerprint)]))
        {
            var remedy = keys.FirstOrDefault(key => key.Fingerprint == fingerprint) is { } there ? KeysRetireCommand.RemedyOf(there) : "seal keys restore";
            Talk.Warn($"{KeyUse.Some(names, "needs", "need")} {fingerprint}, which is no active key here; bring it back ({remedy}), or seal anew what needs it");
        }
        if (use.Untold.Count > 0) Talk.Say($"{KeyUse.Some(use.Untold, "does", "do")} not open as of now, or not yet; which key is needed is not known");
        if (use.Silent.Count > 0) Talk.Say($"{KeyUse.Some(use.Silent, "does", "do")} {KeyUse.SilenceExplained}");
    }

    private static string[] Row(ClusterKey key, bool current, KeyUse? use, DateTimeOffset now) =>
    [
        key.Name,
        current ? "current" : key.State,
        key.Created is { } created ? Days(now - created) : "?",
        key.Certificate is not { } certificate ? "?" : certificate.NotAfter < now ? "EXPIRED" : certificate.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        use?.Needing(key.Fingerprint).Count.ToString(CultureInfo.InvariantCulture) ?? "?",
        key.Certificate?.Fingerprint ?? "?",
    ];

    private static string Days(TimeSpan age) => age.TotalDays >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(age.TotalDays)}d")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(Math.Max(age.TotalHours, 0))}h");
}
