using System.Text;

namespace GitOpsSecrets.Providers.Json;

/// <summary>The first component of a path, as an object understands it, and what comes after.</summary>
/// <param name="Part">The member's name, its escapes taken off.</param>
/// <param name="IsWild">Whether <paramref name="Part"/> is a pattern.</param>
/// <param name="Rest">What follows a dot: looked up inside the value, where it stands. Null when nothing does.</param>
/// <param name="Pipe">What follows a pipe, or a dot before a modifier or a multipath: applied to the result of everything before.</param>
internal readonly record struct GjsonStep(string Part, bool IsWild, string? Rest, string? Pipe)
{
    public static GjsonStep Parse(string path)
    {
        var part = new StringBuilder();
        var isWild = false;
        for (var i = 0; i < path.Length; i++)
        {
            switch (path[i])
            {
                case '|':
                    return new(part.ToString(), isWild, null, path[(i + 1)..]);
                case '.':
                    var rest = path[(i + 1)..];
                    return StartsPipe(rest) ? new(part.ToString(), isWild, null, rest) : new(part.ToString(), isWild, rest, null);
                case '\\':
                    if (++i < path.Length) part.Append(path[i]);
                    break;
                default:
                    isWild |= path[i] is '*' or '?';
                    part.Append(path[i]);
                    break;
            }
        }

        return new(part.ToString(), isWild, null, null);
    }

    /// <summary>A dot acts as a pipe before what takes the value as a whole.</summary>
    public static bool StartsPipe(string rest) =>
        rest.Length > 0 && (rest[0] is '[' or '{' || (rest[0] == '@' && GjsonModifiers.Exists(rest.AsSpan(1, EndOfName(rest) - 1))));

    public static int EndOfName(string path)
    {
        var end = path.AsSpan().IndexOfAny('.', '|', ':');
        return end < 0 ? path.Length : end;
    }
}
