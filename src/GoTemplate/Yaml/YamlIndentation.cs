using System.Text;
using GitOpsSecrets.GoTemplate.Execution;
using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace GitOpsSecrets.GoTemplate.Yaml;

/// <summary>
/// What go-yaml reads and our parser refuses for its looks: lines of quoted texts, lists and maps in brackets that are indented less than what
/// they belong to, and a comment right behind a quote or bracket. Blanks are put in where the parser stopped, which change no value there, and it tries again.
/// </summary>
internal static class YamlIndentation
{
    private const string WrongIndentation = "found wrong indentation";
    private const string WrongComment = "found invalid comment";

    /// <summary>The text mended at one place; null if this is not why the parser stopped.</summary>
    public static string? Mend(ExecutionBudget budget, string text, Exception failure)
    {
        budget.Walk(text.Length);
        budget.Reserve(2L * sizeof(char) * text.Length);
        return failure switch
        {
            YamlException e when e.Message.Contains(WrongComment, StringComparison.Ordinal) => text.IndexOf('#', (int)e.Start.Index) is >= 0 and var at ? text.Insert(at, " ") : null,
            YamlException e when e.Message.Contains(WrongIndentation, StringComparison.Ordinal) => Indent(budget, text, (int)e.Start.Index),
            InvalidOperationException when OpenBracket(text) is { } start => Indent(budget, text, start),
            _ => null,
        };
    }

    /// <summary>The outermost bracket in which scanning stops.</summary>
    private static int? OpenBracket(string text)
    {
        var open = new Stack<int>();
        var end = 0;
        try
        {
            for (var scanner = new Scanner(new StringReader(text)); scanner.MoveNext();)
            {
                end = (int)scanner.Current!.End.Index;
                switch (scanner.Current)
                {
                    case FlowSequenceStart or FlowMappingStart:
                        open.Push((int)scanner.Current.Start.Index);
                        break;
                    case FlowSequenceEnd or FlowMappingEnd:
                        open.TryPop(out _);
                        break;
                }
            }
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException)
        {
            // The scanner keeps back a bracket that may begin a key: then it is what follows.
            return open.Count > 0 ? open.Last() : text.IndexOfAny(['[', '{'], end) is >= 0 and var next ? next : null;
        }

        return null;
    }

    /// <summary>Every line inside of the quotes or brackets that begin there goes one column right of them.</summary>
    private static string? Indent(ExecutionBudget budget, string text, int start)
    {
        var indentation = new string(' ', start - text.LastIndexOf('\n', start));
        var mended = new StringBuilder(text, 0, start, text.Length + indentation.Length);
        var depth = 0;
        var changed = false;
        var previous = ',';
        for (var i = start; i < text.Length;)
        {
            var end = i + 1;
            var isToken = previous is ',' or '[' or '{' or ':' or ' ' or '\t' or '\n';
            switch (text[i])
            {
                case '"' or '\'' when isToken:
                    end = EndOfQuotes(text, i);
                    break;
                case '#' when previous is ' ' or '\t' or '\n':
                    end = text.IndexOf('\n', i) is >= 0 and var line ? line : text.Length;
                    break;
                case '[' or '{':
                    depth++;
                    break;
                case ']' or '}':
                    depth--;
                    break;
            }

            if (IsDocumentMark(text, i, end))
            {
                return null;
            }

            var piece = text[i..end];
            changed |= piece.Contains('\n', StringComparison.Ordinal);
            budget.Allocate(sizeof(char) * (piece.Length + (changed ? (long)indentation.Length * piece.Count(c => c == '\n') : 0)));
            mended.Append(piece.Replace("\n", "\n" + indentation, StringComparison.Ordinal));
            (previous, i) = (text[end - 1], end);
            if (depth <= 0)
            {
                return changed ? mended.Append(text, i, text.Length - i).ToString() : null;
            }
        }

        return null;
    }

    private static int EndOfQuotes(string text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && text[start] == '"')
            {
                i++;
            }
            else if (text[i] == text[start])
            {
                // Two single quotes stand for one.
                if (text[start] != '\'' || i + 1 == text.Length || text[i + 1] != '\'')
                {
                    return i + 1;
                }

                i++;
            }
        }

        return text.Length;
    }

    /// <summary>Whether a line of the piece begins like the mark between two documents, which ends everything.</summary>
    private static bool IsDocumentMark(string text, int start, int end) =>
        text.AsSpan(start, end - start).Contains('\n') && (text.AsSpan(start, Math.Min(end + 3, text.Length) - start).Contains("\n---", StringComparison.Ordinal)
            || text.AsSpan(start, Math.Min(end + 3, text.Length) - start).Contains("\n...", StringComparison.Ordinal));
}
