using System.Text;

namespace GitOpsSecrets.Providers.Json;

/// <summary>A value written into a path: <c>!"text"</c>, <c>!{"a":1}</c>, <c>!true</c>, <c>!12</c>.</summary>
internal static class GjsonLiteral
{
    public static bool TryRead(string path, out JsonPiece literal, out string rest)
    {
        var end = path[1] is '{' or '[' or '"' ? Brackets.EndOf(path, 1) + 1 : EndOfPlain(path);
        rest = path[end..];
        literal = JsonPiece.Parse(Encoding.UTF8.GetBytes(path[1..end]));
        return literal.Exists;
    }

    private static int EndOfPlain(string path)
    {
        var isNumber = path[1] is '+' or '-' or (>= '0' and <= '9');
        var end = isNumber ? path.IndexOf('|', 1) : path.AsSpan().IndexOfAny('|', '.');
        return end < 0 ? path.Length : end;
    }
}
