using System.Text;

namespace GitOpsSecrets.Sops.Age;

/// <summary>Reads LF-ended ASCII lines from the front of a file.</summary>
/// <param name="header">The bytes that may be read.</param>
/// <param name="truncated">Whether the file goes on behind them: running out then is a limit, not a broken file.</param>
internal ref struct AgeHeaderLines(ReadOnlySpan<byte> header, bool truncated)
{
    private readonly ReadOnlySpan<byte> _header = header;

    public int Position { get; private set; }

    public string Next()
    {
        var rest = _header[Position..];
        var end = rest.IndexOf((byte)'\n');
        if (end < 0)
        {
            throw truncated
                ? new AgeException(AgeFailure.Limit, "age header: longer than the limit")
                : AgeHeader.Malformed("it ends in the middle");
        }
        var line = rest[..end];
        // A carriage return, like any other control character, is none of the characters that a header has.
        if (line.ContainsAnyExceptInRange((byte)' ', (byte)'~')) throw AgeHeader.Malformed("a line holds a forbidden character");
        Position += end + 1;
        return Encoding.ASCII.GetString(line);
    }
}
