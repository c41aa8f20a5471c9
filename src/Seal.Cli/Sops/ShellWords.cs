using System.Text;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>Splits a command that a variable holds (<c>code --wait</c>) into words as a shell does, with quotes and backslashes and nothing else.</summary>
internal static class ShellWords
{
    /// <returns>Null when a quote is not closed.</returns>
    public static string[]? Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (inWord, quote) = (false, '\0');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\'' || (quote == '"' && c != '\\'))
            {
                if (c == quote) quote = '\0';
                else word.Append(c);
            }
            // On Windows a backslash is what paths are made of.
            else if (c == '\\' && i + 1 < text.Length && !OperatingSystem.IsWindows()) (inWord, _) = (true, word.Append(text[++i]));
            else if (quote == '\0' && c is '\'' or '"') (inWord, quote) = (true, c);
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else (inWord, _) = (true, word.Append(c));
        }
        if (quote != '\0') return null;
        if (inWord) words.Add(word.ToString());
        return [.. words];
    }
}
