using GitOpsSecrets.Seal.Cli.CommandLine;

namespace GitOpsSecrets.Seal.Cli.Commands;

internal static class CommandCatalog
{
    private static readonly Flag Help = new("help", FlagKind.Toggle, "print this") { Letter = 'h', FromEnvironment = false };

    public static IReadOnlyList<ICommand> All { get; } =
    [
        new AddCommand(), new SetCommand(), new UnsetCommand(), new ScanCommand(), new DiffCommand(),
        new ReencryptCommand(), new VerifyCommand(), new InspectCommand(), new TemplateCommand(), new CertCommand(),
        new KeysListCommand(), new KeysNewCommand(), new KeysRetireCommand(), new KeysBackupCommand(), new KeysRestoreCommand(),
        new SopsEncryptCommand(), new SopsDecryptCommand(), new SopsEditCommand(), new SopsSetCommand(), new SopsUnsetCommand(), new SopsRotateCommand(),
        new SopsUpdateKeysCommand(), new SopsFileStatusCommand(), new SopsKeygenCommand(),
        new RenderCommand(), new ConvertCommand(), new ImportCommand(),
        new CompletionCommand(),
    ];

    /// <summary>Runs the command that the arguments begin with.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TimeProvider time, CancellationToken cancellationToken)
    {
        if (arguments[0] == SopsSpelling.Word) arguments = SopsSpelling.Modern(arguments);
        var command = All.FirstOrDefault(command => StartsWith(arguments, command.Name)) ?? Fallback(arguments);
        var words = StartsWith(arguments, command.Name) ? command.Name.Split(' ').Length : 1;
        var flags = new FlagParser([.. command.Flags, new("General", [Help])]).Parse([.. arguments.Skip(words)], Environment.GetEnvironmentVariable);
        if (!flags.On(Help)) return await command.RunAsync(flags, time, cancellationToken);
        Terminal.Talk.Write($"""
            {command.Summary}.

            Usage:
              seal {command.Name} {command.Arguments}

            {command.Description}
            {HelpWriter.Flags([.. command.Flags, new("General", [Help])])}
            Exit codes:
              0 done   1 failed, wholly or in part; standard error says why   2 the command line cannot be understood

            """);
        return ExitCode.Success;
    }

    // "seal keys" alone lists them, and its help names its sisters.
    private static ICommand Fallback(IReadOnlyList<string> arguments)
    {
        if (arguments[0] == "keys" && (arguments.Count == 1 || arguments[1].StartsWith('-'))) return All.First(command => command is KeysListCommand);
        var known = string.Join(", ", All.Select(command => command.Name));
        throw new UsageException($"unknown command \"{string.Join(' ', arguments.TakeWhile(argument => !argument.StartsWith('-')).Take(2))}\"; commands: {known}. To seal a file use --secret-file, or < to read it");
    }

    private static bool StartsWith(IReadOnlyList<string> arguments, string name) => arguments.Take(name.Split(' ').Length).SequenceEqual(name.Split(' '));
}
