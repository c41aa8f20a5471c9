using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Sops;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Age;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal sops edit FILE</c>.</summary>
internal sealed class SopsEditCommand : ICommand
{
    private static readonly Flag AllowDisk = SopsFlags.Toggle("allow-disk", "let the plaintext lie on the disk while it is edited, where the system has no folder in memory");

    public string Name => "sops edit";

    public string Arguments => "[flags] FILE";

    public string Summary => "Opens a SOPS file in your editor and encrypts what you save";

    public string Description => """
        The plaintext lies in a file in memory, for you alone, as long as $SOPS_EDITOR or $EDITOR is open. Values that you do not change
        keep their bytes, so that the diff is small; if you change nothing, nothing is written and the exit code is 200. What cannot be
        read is opened again. A file that does not exist is made by the creation rules. Tell your editor to keep no backups elsewhere.

        Example:
          EDITOR='code --wait' seal sops edit secret.enc.yaml
        """;

    public IReadOnlyList<FlagGroup> Flags =>
    [
        new("Editing", [AllowDisk]), SopsFlags.Opening, SopsFlags.Recipients, SopsFlags.What, new("Files", [SopsFlags.InputType, SopsFlags.Config, SopsFlags.Indent]),
    ];

    public async Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        if (flags.Arguments is not [var path]) throw SopsInput.NoFile();
        var layout = RulesFile.Layout(flags, path);
        if (!File.Exists(path))
        {
            var format = SopsInput.FormatOf(flags, path, []);
            var options = SealingPlan.For(flags, path);
            var example = Encoding.UTF8.GetBytes(Example(format));
            await EditAsync(flags, path, null, example, async text =>
            {
                using var plain = PlainFile.Parse(text, format, SopsLimits.OwnFiles);
                // A Ctrl-C that was the editor's has cancelled our token; what was typed is not to be lost by it.
                return (await NewFile.SealAsync(flags, path, plain, options, time, CancellationToken.None)).ToBytes(layout, SopsLimits.OwnFiles);
            });
            return ExitCode.Success;
        }
        var input = SopsInput.Read(flags, path);
        using var open = await ExistingFile.OpenAsync(flags, input, ExistingFile.Parse(input), cancellationToken);
        await EditAsync(flags, path, input.Bytes, open.Plain.ToBytes(layout), text =>
        {
            using var plain = PlainFile.Parse(text, input.Format, SopsLimits.OwnFiles);
            return Task.FromResult(open.Reseal(plain, time).ToBytes(layout, SopsLimits.OwnFiles));
        });
        return ExitCode.Success;
    }

    /// <param name="flags">The command line.</param>
    /// <param name="path">The file to write in the end.</param>
    /// <param name="original">What is in it; <c>null</c> when it is not there yet.</param>
    /// <param name="before">What the editor shows; zeroed.</param>
    /// <param name="encrypt">What was saved, encrypted.</param>
    private static async Task EditAsync(ParsedFlags flags, string path, byte[]? original, byte[] before, Func<byte[], Task<byte[]>> encrypt)
    {
        byte[] after = [];
        try
        {
            using var memory = MemoryFile.Create(Path.GetFileName(path), before, flags.On(AllowDisk));
            while (true)
            {
                await Editor.OpenAsync(memory.Path);
                CryptographicOperations.ZeroMemory(after);
                after = memory.Read();
                if (after.AsSpan().SequenceEqual(before)) throw new CommandException($"{path}: nothing was changed") { Code = SopsExitCode.NotModified };
                try
                {
                    Save(path, original, await encrypt(after));
                    return;
                }
                catch (Exception failure) when (failure is SopsException or AgeException)
                {
                    Talk.Say($"error: {path}: {failure.Message}\nPress Enter to open it again, or Ctrl-C to give up");
                    if (!memory.Ask(Talk.ReadEnter)) throw new CommandException($"{path}: what was saved cannot be encrypted; the file is unchanged");
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(before);
            CryptographicOperations.ZeroMemory(after);
        }
    }

    /// <summary>Neither what was typed nor what somebody else has written meanwhile is lost.</summary>
    private static void Save(string path, byte[]? original, byte[] content)
    {
        if (OutputFile.Is(path, original))
        {
            OutputFile.Replace(path, content);
            return;
        }
        var beside = Beside(path);
        OutputFile.Replace(beside, content);
        throw new CommandException($"{path} was changed by another program while the editor was open, and is left as it is; what you saved is encrypted in {beside}");
    }

    private static string Beside(string path)
    {
        var (start, end) = (path[..^Path.GetExtension(path).Length], Path.GetExtension(path));
        for (var i = 1; ; i++)
        {
            var name = i == 1 ? $"{start}.edited{end}" : $"{start}.edited-{i}{end}";
            if (!File.Exists(name)) return name;
        }
    }

    private static string Example(SopsFormat format) => format switch
    {
        SopsFormat.Yaml => "example: replace me\n",
        SopsFormat.Json => "{\n\t\"example\": \"replace me\"\n}\n",
        SopsFormat.Dotenv => "EXAMPLE=replace me\n",
        SopsFormat.Ini => "[example]\nkey = replace me\n",
        _ => "replace me\n",
    };
}
