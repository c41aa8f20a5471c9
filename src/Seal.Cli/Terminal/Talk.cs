using System.Text;
using GitOpsSecrets.Seal.Cli.Files;

namespace GitOpsSecrets.Seal.Cli.Terminal;

/// <summary>
/// The three streams: standard output carries data and nothing else, standard error carries talk. Raw streams, because
/// <see cref="Console"/>'s readers and writers cost more to set up than sealing a Secret.
/// </summary>
internal static class Talk
{
    private static readonly Lock ErrorLock = new();

    public static bool InputIsTerminal => !Console.IsInputRedirected;

    public static bool ErrorIsTerminal => !Console.IsErrorRedirected;

    public static bool OutputIsTerminal => !Console.IsOutputRedirected;

    /// <summary>All of standard input, which is empty where there is none; Ctrl-C ends the program, if nobody has asked for it.</summary>
    /// <exception cref="CommandException">It cannot be read, as a folder cannot.</exception>
    public static byte[] ReadInput()
    {
        if (StandardStreams.IsMissing(StandardStreams.Input)) return [];
        try
        {
            using var input = Console.OpenStandardInput();
            return InputFile.ReadAll(input, "standard input");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"cannot read standard input: {FileProblem.Describe(failure)}", failure);
        }
    }

    /// <summary>As <see cref="ReadInput"/>, for a command that hears of Ctrl-C by itself: what came until then is not taken for all.</summary>
    public static byte[] AwaitInput()
    {
        using var waiting = Waiting.ForInput();
        return ReadInput();
    }

    /// <summary>Waits for a line on standard input, and takes not a byte more; what Ctrl-C means is the caller's to say.</summary>
    /// <returns>False at the end of the input.</returns>
    public static bool ReadEnter() => ReadLine() is not null;

    /// <summary>A question for y or n; anything but y is no.</summary>
    /// <exception cref="CommandException">There is nobody to answer.</exception>
    public static bool Confirm(string question)
    {
        using var waiting = Waiting.ForInput();
        Prompt(question);
        return (ReadLine() ?? throw new CommandException("nobody answered; --yes does not ask")).Trim() is "y" or "Y" or "yes";
    }

    private static string? ReadLine()
    {
        if (StandardStreams.IsMissing(StandardStreams.Input)) return null;
        using var input = Console.OpenStandardInput();
        var line = new StringBuilder();
        int next;
        while ((next = input.ReadByte()) >= 0 && next != '\n') line.Append((char)next);
        return next < 0 && line.Length == 0 ? null : line.ToString();
    }

    /// <summary>Writes data to standard output, as it is.</summary>
    /// <exception cref="CommandException">It cannot be written, or there is none.</exception>
    public static void Write(ReadOnlySpan<byte> data)
    {
        if (StandardStreams.IsMissing(StandardStreams.Output)) throw new CommandException("cannot write standard output: it is closed");
        try
        {
            StandardOutput.Write(data);
        }
        catch (IOException failure)
        {
            throw new CommandException($"cannot write standard output: {FileProblem.Describe(failure)}", failure);
        }
    }

    public static void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <summary>One line on standard error.</summary>
    public static void Say(string line) => Prompt(line + "\n");

    /// <summary>As <see cref="Say"/>, without the end of the line. Where nothing can be said, the exit code tells.</summary>
    public static void Prompt(string text)
    {
        if (StandardStreams.IsMissing(StandardStreams.Error)) return;
        lock (ErrorLock)
        {
            try
            {
                using var error = Console.OpenStandardError();
                error.Write(Encoding.UTF8.GetBytes(text));
            }
            catch (IOException) { }
        }
    }

    public static void Warn(string text) => Say("warning: " + text);
}
