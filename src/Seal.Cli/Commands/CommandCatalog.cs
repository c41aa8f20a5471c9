using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Sops;

namespace GitOpsSecrets.Seal.Cli.Commands;

internal static class CommandCatalog
{
    private const string HelpWord = "help";

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
        if (arguments[0] == HelpWord) return await HelpAsync([.. arguments.Skip(1)], time, cancellationToken);
        if (arguments.Count == 2 && IsHelp(arguments[1]) && GroupOf(arguments[0]) is { Count: > 0 } group) return Describe(arguments[0], group);
        if (arguments[0] == SopsSpelling.Word) arguments = SopsSpelling.Modern(arguments);
        var command = All.FirstOrDefault(command => StartsWith(arguments, command.Name)) ?? Fallback(arguments);
        var words = StartsWith(arguments, command.Name) ? command.Name.Split(' ').Length : 1;
        try
        {
            var flags = new FlagParser([.. command.Flags, new("General", [Help])]).Parse([.. arguments.Skip(words)], Environment.GetEnvironmentVariable);
            if (!flags.On(Help)) return await command.RunAsync(flags, time, cancellationToken);
        }
        catch (UsageException failure)
        {
            throw new UsageException(failure.Message) { Command = command.Name };
        }
        Describe(command);
        return ExitCode.Success;
    }

    /// <summary>Whether a command's name begins with this word.</summary>
    public static bool IsBeginOfOne(string word) => All.Any(command => command.Name == word) || GroupOf(word).Count > 0;

    // "seal help", "seal help keys retire": as --help.
    private static async Task<int> HelpAsync(string[] words, TimeProvider time, CancellationToken cancellationToken)
    {
        if (words.Length > 0) return await RunAsync([.. words, "--" + Help.Name], time, cancellationToken);
        Terminal.Talk.Write(RootHelp.Text("seal"));
        return ExitCode.Success;
    }

    private static bool IsHelp(string argument) => argument == "--" + Help.Name || argument == $"-{Help.Letter}";

    private static List<ICommand> GroupOf(string word) => [.. All.Where(command => command.Name.StartsWith(word + " ", StringComparison.Ordinal))];

    /// <summary>The commands that begin with a word.</summary>
    private static int Describe(string word, IReadOnlyList<ICommand> group)
    {
        var width = group.Max(command => command.Name.Length);
        var lines = group.Select(command => $"  seal {command.Name.PadRight(width)}   {command.Summary}");
        Terminal.Talk.Write($"Commands (seal {word} COMMAND --help says more):\n{string.Join('\n', lines)}\n");
        return ExitCode.Success;
    }

    private static void Describe(ICommand command) => Terminal.Talk.Write($"""
            {command.Summary}.

            Usage:
              seal {command.Name} {command.Arguments}

            {HelpWriter.Prose(command.Description)}
            {HelpWriter.Flags([.. command.Flags, new("General", [Help])])}
            Exit codes:
              0 done   1 failed, wholly or in part; standard error says why
              2 the command line cannot be understood
            {(command.HasSopsExitCodes ? SopsExitCode.Help : "")}
            """);

    // "seal keys" alone lists them.
    private static ICommand Fallback(IReadOnlyList<string> arguments)
    {
        if (arguments[0] == "keys" && (arguments.Count == 1 || arguments[1].StartsWith('-'))) return All.First(command => command is KeysListCommand);
        throw UnknownCommand.Of([.. arguments.TakeWhile(argument => !argument.StartsWith('-'))]);
    }

    private static bool StartsWith(IReadOnlyList<string> arguments, string name) => arguments.Take(name.Split(' ').Length).SequenceEqual(name.Split(' '));
}
