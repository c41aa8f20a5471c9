using System.Globalization;
using System.Text;

namespace GitOpsSecrets.Providers.Json;

/// <summary>What stands in <c>#(…)</c>: a path into each element, an operator and a value to compare with.</summary>
/// <param name="Operator">Empty asks for existence only.</param>
/// <param name="IsAll">Whether a second <c>#</c> asks for all matches in place of the first.</param>
internal sealed record GjsonQuery(string Path, string Operator, string Operand, bool IsAll)
{
    private static readonly string[] Operators = ["!=", "!%", "<=", ">=", "==", "<", ">", "=", "%"];

    /// <summary>Reads a query and says where it ends. One that is not closed takes the rest and asks for existence.</summary>
    public static (GjsonQuery Query, int End) Parse(string path)
    {
        var (comparison, close) = Scan(path);
        if (close < 0) return (new("", "", "", false), path.Length);
        var isAll = close + 1 < path.Length && path[close + 1] == '#';
        var end = close + (isAll ? 2 : 1);
        if (comparison < 0) return (new(Trim(path[2..close]), "", "", isAll), end);
        var right = Trim(path[comparison..close]);
        var sign = Operators.FirstOrDefault(candidate => right.StartsWith(candidate, StringComparison.Ordinal)) ?? right[..1];
        var operand = Unquote(Trim(right[sign.Length..]));
        return (new(Trim(path[2..comparison]), sign == "==" ? "=" : sign, operand, isAll), end);
    }

    /// <summary>Whether the value that an element has at <see cref="Path"/> is what is asked for.</summary>
    public bool Matches(JsonPiece value)
    {
        if (Operand.StartsWith('~')) return MatchesBoolean(value);
        if (!value.Exists) return false;
        if (Operator.Length == 0) return true;
        return value.Kind switch
        {
            JsonKind.Text => MatchesText(value),
            JsonKind.Number => Compares(JsonNumber.Of(value.Raw.Span).CompareTo(OperandNumber())),
            JsonKind.True => MatchesTrue(Operand),
            JsonKind.False => MatchesFalse(Operand),
            _ => false,
        };
    }

    private bool MatchesText(JsonPiece value)
    {
        var text = value.ToText();
        try
        {
            var operand = Encoding.UTF8.GetBytes(Operand);
            return Operator switch
            {
                "%" => GlobPattern.IsMatch(text, operand),
                "!%" => !GlobPattern.IsMatch(text, operand),
                _ => Compares(text.AsSpan().SequenceCompareTo(operand)),
            };
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(text);
        }
    }

    private bool Compares(int order) => Operator switch
    {
        "=" => order == 0,
        "!=" => order != 0,
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        ">=" => order >= 0,
        _ => false,
    };

    private bool MatchesTrue(string operand) => Operator switch
    {
        "=" => operand == "true",
        "!=" => operand != "true",
        ">" => operand == "false",
        ">=" => true,
        _ => false,
    };

    private bool MatchesFalse(string operand) => Operator switch
    {
        "=" => operand == "false",
        "!=" => operand != "false",
        "<" => operand == "true",
        "<=" => true,
        _ => false,
    };

    /// <summary>A tilde turns what is there, or is not, into a boolean before it is compared.</summary>
    private bool MatchesBoolean(JsonPiece value)
    {
        bool? holds = Operand switch
        {
            "~*" => value.Exists,
            "~null" => value.Kind is JsonKind.Absent or JsonKind.Null,
            "~true" => IsTrueish(value),
            "~false" => IsFalseish(value),
            _ => null,
        };
        if (holds is null) return false;
        return Operator.Length == 0 || (holds.Value ? MatchesTrue("true") : MatchesFalse("true"));
    }

    private static bool IsTrueish(JsonPiece value) => value.Kind switch
    {
        JsonKind.True => true,
        JsonKind.Text => BooleanOf(value) == true,
        JsonKind.Number => JsonNumber.Of(value.Raw.Span) != 0,
        _ => false,
    };

    private static bool IsFalseish(JsonPiece value) => value.Kind switch
    {
        JsonKind.Absent or JsonKind.Null or JsonKind.False => true,
        JsonKind.Text => BooleanOf(value) == false,
        JsonKind.Number => JsonNumber.Of(value.Raw.Span) == 0,
        _ => false,
    };

    /// <summary>As Go's ParseBool reads it, in any case.</summary>
    private static bool? BooleanOf(JsonPiece text)
    {
        var written = text.Raw.Span[1..^1];
        if (written.Length > 5) return null;
        return Encoding.UTF8.GetString(written).ToLowerInvariant() switch
        {
            "1" or "t" or "true" => true,
            "0" or "f" or "false" => false,
            _ => null,
        };
    }

    private double OperandNumber() => double.TryParse(Operand, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Where the comparison starts, and where the bracket closes; -1 for neither.</summary>
    private static (int Comparison, int Close) Scan(string path)
    {
        var (comparison, depth) = (-1, 1);
        for (var i = 2; i < path.Length; i++)
        {
            if (depth == 1 && comparison < 0 && path[i] is ('!' or '=' or '<' or '>' or '%'))
            {
                comparison = i;
                continue;
            }

            switch (path[i])
            {
                case '\\':
                    i++;
                    break;
                case '(' or '[':
                    depth++;
                    break;
                case ')' or ']':
                    if (--depth == 0) return (comparison, i);
                    break;
                case '"':
                    i = Brackets.EndOfQuote(path, i);
                    break;
            }
        }

        return (comparison, -1);
    }

    private static string Unquote(string operand)
    {
        if (operand.Length < 2 || operand[0] != '"' || operand[^1] != '"') return operand;
        var piece = JsonPiece.Parse(Encoding.UTF8.GetBytes(operand));
        return piece.Kind == JsonKind.Text ? Encoding.UTF8.GetString(piece.ToText()) : operand[1..^1];
    }

    private static string Trim(string text) => text.AsSpan().Trim(" \t\r\n").ToString();
}
