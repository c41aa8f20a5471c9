using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sops;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>The file that a command works on, or standard input in its place.</summary>
/// <param name="Name">For messages: a path, or <c>standard input</c>.</param>
/// <param name="Path">Where it lies; <c>null</c> for standard input.</param>
/// <param name="RulePath">What creation rules match on; <c>null</c> when nothing says.</param>
/// <param name="Bytes">All of it.</param>
/// <param name="Format">By flag, by name, else by content.</param>
internal sealed record SopsInput(string Name, string? Path, string? RulePath, byte[] Bytes, SopsFormat Format)
{
    private const string StandardInput = "standard input";

    /// <exception cref="CommandException">It cannot be read.</exception>
    public static SopsInput Read(ParsedFlags flags)
    {
        var argument = flags.Arguments is [var only] ? only : flags.Arguments.Count == 0 && !Talk.InputIsTerminal ? "-" : throw NoFile();
        var path = argument == "-" ? null : argument;
        return Read(flags, path);
    }

    /// <param name="flags">Say the format.</param>
    /// <param name="path"><c>null</c> for standard input.</param>
    public static SopsInput Read(ParsedFlags flags, string? path)
    {
        byte[] bytes;
        try
        {
            bytes = path is null ? Talk.AwaitInput() : InputFile.Read(path);
        }
        catch (CommandException failure)
        {
            throw new CommandException(failure.Message, failure) { Code = path is not null && !File.Exists(path) ? SopsExitCode.NoFile : SopsExitCode.CannotReadInput };
        }
        var rulePath = flags.TextOrNull(SopsFlags.FilenameOverride) ?? path;
        return new SopsInput(path ?? StandardInput, path, rulePath, bytes, FormatOf(flags, rulePath, bytes));
    }

    public static SopsFormat FormatOf(ParsedFlags flags, string? path, ReadOnlySpan<byte> bytes) =>
        flags.TextOrNull(SopsFlags.InputType) is { } asked ? FormatNamed(asked) : path is not null ? SopsFormats.FromPath(path) : Guess(bytes);

    public static SopsFormat FormatNamed(string name) => Enum.Parse<SopsFormat>(name, ignoreCase: true);

    /// <summary>The format of the result: as asked for, else that of the input.</summary>
    public SopsFormat OutputFormat(ParsedFlags flags) => flags.TextOrNull(SopsFlags.OutputType) is { } asked ? FormatNamed(asked) : Format;

    /// <summary>Puts the result where the flags say.</summary>
    /// <param name="flags">In place, to a file, or to standard output.</param>
    /// <param name="content">All of it.</param>
    /// <param name="secret">Plaintext: a new file is for its owner only, and no second file ever holds it.</param>
    public void Write(ParsedFlags flags, ReadOnlySpan<byte> content, bool secret)
    {
        if (flags.On(SopsFlags.InPlace)) OutputFile.Change(Path ?? throw new UsageException("--in-place needs a file"), Bytes, content);
        else OutputFile.Print(flags.TextOrNull(SopsFlags.Output), content, plaintext: secret);
    }

    public static CommandException NoFile() => new("no file was named") { Code = SopsExitCode.NoFile };

    // Without a name the text itself tells, by its sops block or its first character.
    private static SopsFormat Guess(ReadOnlySpan<byte> bytes)
    {
        if (bytes.TrimStart(" \t\r\n"u8) is [(byte)'{', ..]) return SopsFormat.Json;
        if (bytes.IndexOf("[sops]"u8) >= 0) return SopsFormat.Ini;
        return bytes.IndexOf("\nsops_mac="u8) >= 0 || bytes.IndexOf("\nsops_lastmodified="u8) >= 0 ? SopsFormat.Dotenv : SopsFormat.Yaml;
    }
}
