using System.Text;
using GitOpsSecrets.Seal.Cli.Files;

namespace GitOpsSecrets.Seal.Cli.Terminal;

/// <summary>Asks for a passphrase: a file, or the terminal without echo, or the first line of standard input. Never an argument.</summary>
internal static class Passphrase
{
    private const int Shortest = 8;

    /// <param name="file">Its first line; <c>null</c> to ask.</param>
    /// <param name="choose">A new one: asked twice on a terminal, and not too short.</param>
    public static char[] Read(string? file, bool choose)
    {
        char[] passphrase;
        if (file is not null) passphrase = FirstLine(InputFile.Read(file));
        else if (!Talk.InputIsTerminal) passphrase = FirstLine(Talk.AwaitInput());
        else
        {
            passphrase = HiddenInput.Ask("Passphrase: ");
            if (choose && !passphrase.AsSpan().SequenceEqual(HiddenInput.Ask("Again: "))) throw new CommandException("the two passphrases differ");
        }
        if (passphrase.Length == 0) throw new CommandException("no passphrase was given; type it, pipe it in, or name a file with --passphrase-file");
        if (choose && passphrase.Length < Shortest) throw new CommandException($"a passphrase for a backup needs {Shortest} characters or more");
        return passphrase;
    }

    /// <summary>The passphrase of a key that exists: from a file's first line, or typed on the terminal.</summary>
    /// <param name="name">Of the key, for the question.</param>
    /// <param name="file">Its first line; <c>null</c> to ask.</param>
    public static char[] ReadFor(string name, string? file) => file is not null ? FirstLine(InputFile.Read(file)) : HiddenInput.Ask($"Passphrase for {name}: ");

    private static char[] FirstLine(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOfAny((byte)'\n', (byte)'\r');
        var line = Encoding.UTF8.GetChars(bytes, 0, end < 0 ? bytes.Length : end);
        Array.Clear(bytes);
        return line;
    }
}
