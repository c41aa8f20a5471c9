using System.Text;

namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>A text under scan.</summary>
internal sealed class ScannedFile
{
    /// <summary>Larger texts are not read, which is told: no manifest is that large.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>So much of the beginning tells a text from what is none, as in git.</summary>
    public const int Probe = 8000;

    private const string IgnoreMark = "seal:ignore";

    private readonly List<int> _lineStarts = [0];

    private ScannedFile(string path, string fullPath, byte[] bytes, string text)
    {
        Path = path;
        FullPath = fullPath;
        Bytes = bytes;
        Text = text;
        for (var i = text.IndexOf('\n', StringComparison.Ordinal); i >= 0; i = text.IndexOf('\n', i + 1)) _lineStarts.Add(i + 1);
    }

    /// <summary>As reported, with forward slashes.</summary>
    public string Path { get; }

    /// <summary>Where it is or would be on disk: rules go by this.</summary>
    public string FullPath { get; }

    public byte[] Bytes { get; }

    public string Text { get; }

    public string Name => System.IO.Path.GetFileName(FullPath);

    /// <returns>Null for what is no text.</returns>
    public static ScannedFile? TryRead(string path, string fullPath, byte[] bytes)
    {
        // Old PowerShell writes what is piped into a file as UTF-16.
        if (bytes is [0xFF, 0xFE, ..]) bytes = Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(bytes, 2, bytes.Length - 2));
        else if (bytes is [0xFE, 0xFF, ..]) bytes = Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(bytes, 2, bytes.Length - 2));
        if (!IsText(bytes)) return null;
        var text = Encoding.UTF8.GetString(bytes);
        return new ScannedFile(path, fullPath, bytes, text.StartsWith('\uFEFF') ? text[1..] : text);
    }

    /// <param name="begin">Of the file, or all of it.</param>
    public static bool IsText(ReadOnlySpan<byte> begin) => begin is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || !begin[..Math.Min(begin.Length, Probe)].Contains((byte)0);

    public Finding Report(ScanRule rule, int offset, string message)
    {
        var line = LineOf(offset);
        return new Finding(rule, Path, line + 1, offset - _lineStarts[line] + 1, message);
    }

    public Finding ReportLine(ScanRule rule, int line, string message) => new(rule, Path, line, 1, message);

    /// <summary>Whether a comment on the line, or on the one above it, says <c>seal:ignore</c>, for all rules or for this one in brackets.</summary>
    public bool IsIgnored(int line, ScanRule rule) => Says(line, rule) || (line > 1 && Says(line - 1, rule));

    private bool Says(int line, ScanRule rule)
    {
        if (line > _lineStarts.Count) return false;
        var end = line < _lineStarts.Count ? _lineStarts[line] : Text.Length;
        var text = Text.AsSpan(_lineStarts[line - 1], end - _lineStarts[line - 1]);
        var at = text.IndexOf(IgnoreMark, StringComparison.Ordinal);
        // In a value it means nothing: whoever can write values should not switch the alarm off.
        if (at < 0 || text[..at].TrimEnd() is not [.., '#' or '/' or ';' or '*' or '-']) return false;
        var rest = text[(at + IgnoreMark.Length)..];
        return rest is not ['[', ..] || rest[1..(rest.IndexOf(']') is > 0 and var close ? close : rest.Length)].ToString().Split(',', StringSplitOptions.TrimEntries).Contains(rule.Id);
    }

    private int LineOf(int offset)
    {
        var found = _lineStarts.BinarySearch(offset);
        return found >= 0 ? found : ~found - 1;
    }
}
