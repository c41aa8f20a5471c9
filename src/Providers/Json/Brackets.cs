namespace GitOpsSecrets.Providers.Json;

/// <summary>Finds ends in a path: of quotes and of brackets, in which quotes and escapes hide what would end them.</summary>
internal static class Brackets
{
    /// <summary>The index of the closing quote; of the last character when there is none.</summary>
    public static int EndOfQuote(string path, int open)
    {
        for (var i = open + 1; i < path.Length; i++)
        {
            if (path[i] == '\\') i++;
            else if (path[i] == '"') return i;
        }

        return path.Length - 1;
    }

    /// <summary>The index of the bracket or quote that closes the one at <paramref name="open"/>; of the last character when there is none.</summary>
    public static int EndOf(string path, int open)
    {
        if (path[open] == '"') return EndOfQuote(path, open);
        var depth = 0;
        for (var i = open; i < path.Length; i++)
        {
            switch (path[i])
            {
                case '\\':
                    i++;
                    break;
                case '"':
                    i = EndOfQuote(path, i);
                    break;
                case '(' or '[' or '{':
                    depth++;
                    break;
                case ')' or ']' or '}':
                    if (--depth == 0) return i;
                    break;
            }
        }

        return path.Length - 1;
    }
}
