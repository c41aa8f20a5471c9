using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Commands;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli;

/// <summary>Finds the command, runs it, and turns what went wrong into one message and an exit code.</summary>
internal static class Program
{
    /// <summary>Started under this name (a link, a copy), the program is a drop-in to the letter and has no subcommands.</summary>
    public const string OriginalName = "kubeseal";

    private const string OwnName = "seal";

    private static async Task<int> Main(string[] arguments)
    {
        var name = StartedAs() == OriginalName ? OriginalName : OwnName;
        EnvironmentProxy.Use(Environment.GetEnvironmentVariable);
        try
        {
            return await RunAsync(name, arguments, CancellationToken.None);
        }
        catch (UsageException failure)
        {
            Talk.Say($"error: {failure.Message}\nRun '{name}{(failure.Command.Length > 0 ? " " : "")}{failure.Command} --help' for usage.");
            return ExitCode.Usage;
        }
        catch (Exception failure) when (failure is CommandException or ManifestException or KubeStatusException)
        {
            Talk.Say($"error: {failure.Message}");
            return failure is CommandException { Code: var code } ? code : ExitCode.Failure;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A bug of ours. The type and the place tell where; the message is left out, for nobody knows what it quotes.
            Talk.Say($"error: internal error in {name} {ProgramVersion.Number} ({failure.GetType().Name}); please report it with these lines\n{failure.StackTrace}");
            return ExitCode.Failure;
        }
    }

    private static async ValueTask<int> RunAsync(string name, string[] arguments, CancellationToken cancellationToken)
    {
        // What looks like a word is a command; the drop-in has none, and its original ignores such words.
        if (name == OwnName && arguments is [var first, ..] && !first.StartsWith('-')) return await RunCommandAsync(arguments, cancellationToken);
        var flags = new FlagParser(RootFlags.Groups).Parse(arguments, Environment.GetEnvironmentVariable);
        if (name == OwnName && flags.Arguments.Count > 0)
            throw new UsageException(CommandCatalog.IsBeginOfOne(flags.Arguments[0])
                ? $"\"{flags.Arguments[0]}\" stands after a flag; put the command first: {name} {flags.Arguments[0]} … {arguments[0]} …"
                : $"unknown command \"{flags.Arguments[0]}\"; to seal a file use --secret-file, or < to read it");
        await new RootCommand(flags, name, TimeProvider.System).RunAsync(cancellationToken);
        return ExitCode.Success;
    }

    /// <summary>Commands may take long: a request to stop ends them between two files, never within one.</summary>
    private static async Task<int> RunCommandAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var interruption = new Interruption();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interruption.Token);
        try
        {
            return await CommandCatalog.RunAsync(arguments, TimeProvider.System, stop.Token);
        }
        catch (OperationCanceledException) when (interruption.ExitCode != 0)
        {
            Talk.Say("interrupted; what was reported as changed is written");
            return interruption.ExitCode;
        }
    }

    private static string StartedAs()
    {
        var started = Environment.GetCommandLineArgs()[0];
        // The framework-dependent build sees its library's path here; the name it was started under is the kernel's to tell.
        if (started.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && OperatingSystem.IsLinux())
            started = File.ReadAllText("/proc/self/cmdline").Split('\0')[0];
        return Path.GetFileNameWithoutExtension(started);
    }
}
