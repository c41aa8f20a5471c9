using System.Text;

namespace GitOpsSecrets.Providers.Json;

/// <summary>
/// <c>*</c> for any run of characters, <c>?</c> for one, a backslash before either for itself. Linear in practice and never worse than the
/// product of the two lengths: one star is retried at a time, since the last one can make up for all before it.
/// </summary>
internal static class GlobPattern
{
    public static bool IsMatch(ReadOnlySpan<byte> text, ReadOnlySpan<byte> pattern)
    {
        var (at, next) = (0, 0);
        var (starAt, starNext) = (0, -1);
        while (at < text.Length)
        {
            if (next < pattern.Length && pattern[next] == (byte)'*')
            {
                (starAt, starNext) = (at, ++next);
            }
            else if (TakeOne(text[at..], pattern[next..]) is { Text: > 0 } taken)
            {
                (at, next) = (at + taken.Text, next + taken.Pattern);
            }
            else if (starNext >= 0)
            {
                starAt += RuneLength(text[starAt..]);
                (at, next) = (starAt, starNext);
            }
            else
            {
                return false;
            }
        }

        return !pattern[next..].ContainsAnyExcept((byte)'*');
    }

    private static (int Text, int Pattern) TakeOne(ReadOnlySpan<byte> text, ReadOnlySpan<byte> pattern)
    {
        if (pattern.IsEmpty) return (0, 0);
        if (pattern[0] == (byte)'?') return (RuneLength(text), 1);
        var escaped = pattern[0] == (byte)'\\' && pattern.Length > 1 ? 1 : 0;
        return pattern[escaped] == text[0] ? (1, 1 + escaped) : (0, 0);
    }

    private static int RuneLength(ReadOnlySpan<byte> text)
    {
        _ = Rune.DecodeFromUtf8(text, out _, out var length);
        return length;
    }
}
