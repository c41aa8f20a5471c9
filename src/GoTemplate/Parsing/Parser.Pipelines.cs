using GitOpsSecrets.GoTemplate.Formatting;

namespace GitOpsSecrets.GoTemplate.Parsing;

/// <summary>Pipelines, commands and operands.</summary>
internal sealed partial class Parser
{
    /// <summary>Go's limit.</summary>
    private const int MaxParentheses = 10_000;

    private Node.Pipeline Pipeline(string context, TokenKind end)
    {
        var position = tokens.PeekNonSpace().Position;
        var declared = new List<Node.Variable>();
        var isAssignment = Declarations(context, declared);
        var commands = new List<Node.Command>();
        while (true)
        {
            var token = tokens.NextNonSpace();
            if (token.Kind == end)
            {
                CheckStages(commands, context);
                return new Node.Pipeline(position, isAssignment, declared, commands);
            }

            if (!StartsOperand(token.Kind))
            {
                throw Unexpected(token, context);
            }

            tokens.Back();
            commands.Add(Command());
        }
    }

    private static bool StartsOperand(TokenKind kind) => kind is TokenKind.Bool or TokenKind.CharConstant or TokenKind.Complex or TokenKind.Dot
        or TokenKind.Field or TokenKind.Identifier or TokenKind.Number or TokenKind.Nil or TokenKind.RawString or TokenKind.String
        or TokenKind.Variable or TokenKind.LeftParenthesis;

    /// <summary>Reads <c>$x :=</c>, <c>$x =</c> or <c>$i, $x :=</c>, if there; true for an assignment.</summary>
    private bool Declarations(string context, List<Node.Variable> declared)
    {
        while (tokens.PeekNonSpace() is { Kind: TokenKind.Variable } variable)
        {
            tokens.Next();
            var after = tokens.Peek();
            var next = tokens.PeekNonSpace();
            if (next.Kind is TokenKind.Assign or TokenKind.Declare)
            {
                tokens.NextNonSpace();
                Declare(variable, declared);
                return next.Kind == TokenKind.Assign;
            }

            if (next.Kind != TokenKind.Char || next.Text != ",")
            {
                PutBack(variable, after);
                return false;
            }

            tokens.NextNonSpace();
            Declare(variable, declared);
            if (context != "range" || declared.Count >= 2)
            {
                throw Error($"too many declarations in {context}");
            }

            if (tokens.PeekNonSpace().Kind is not (TokenKind.Variable or TokenKind.RightDelimiter or TokenKind.RightParenthesis))
            {
                throw Error("range can only initialize variables");
            }
        }

        return false;
    }

    private void Declare(Token token, List<Node.Variable> declared)
    {
        declared.Add(new Node.Variable(token.Position, token.Text, []));
        variables.Add(token.Text);
    }

    private void PutBack(Token variable, Token after)
    {
        if (after.Kind == TokenKind.Space)
        {
            tokens.Back(variable, after);
        }
        else
        {
            tokens.Back(variable);
        }
    }

    private void CheckStages(List<Node.Command> commands, string context)
    {
        if (commands.Count == 0)
        {
            throw Error($"missing value for {context}");
        }

        for (var i = 1; i < commands.Count; i++)
        {
            if (commands[i].Arguments[0] is Node.Bool or Node.Dot or Node.Nil or Node.Number or Node.String)
            {
                throw Error($"non executable command in pipeline stage {i + 1}");
            }
        }
    }

    private Node.Command Command()
    {
        var command = new Node.Command(tokens.PeekNonSpace().Position, []);
        while (true)
        {
            tokens.PeekNonSpace();
            if (Operand() is { } operand)
            {
                command.Arguments.Add(operand);
            }

            var token = tokens.Next();
            if (token.Kind == TokenKind.Space)
            {
                continue;
            }

            if (token.Kind is TokenKind.RightDelimiter or TokenKind.RightParenthesis)
            {
                tokens.Back();
            }
            else if (token.Kind != TokenKind.Pipe)
            {
                throw Unexpected(token, "operand");
            }

            return command.Arguments.Count > 0 ? command : throw Error("empty command");
        }
    }

    private Node? Operand()
    {
        var node = Term();
        if (node is null || tokens.Peek().Kind != TokenKind.Field)
        {
            return node;
        }

        var position = tokens.Peek().Position;
        var names = new List<string>();
        while (tokens.Peek().Kind == TokenKind.Field)
        {
            names.Add(tokens.Next().Text[1..]);
        }

        return node switch
        {
            Node.Field field => new Node.Field(position, [.. field.Names, .. names]),
            Node.Variable variable => new Node.Variable(position, variable.Name, [.. variable.Fields, .. names]),
            Node.Bool or Node.String or Node.Number or Node.Nil or Node.Dot => throw Error($"unexpected . after term {GoQuote.Quote(node.Print())}"),
            _ => new Node.Chain(position, node, names),
        };
    }

    private Node? Term()
    {
        var token = tokens.NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                return functions.ContainsKey(token.Text) ? new Node.Identifier(token.Position, token.Text) : throw Error($"function {GoQuote.Quote(token.Value)} not defined");
            case TokenKind.Dot:
                return new Node.Dot(token.Position);
            case TokenKind.Nil:
                return new Node.Nil(token.Position);
            case TokenKind.Variable:
                return variables.Contains(token.Text) ? new Node.Variable(token.Position, token.Text, []) : throw Error($"undefined variable {GoQuote.Quote(token.Value)}");
            case TokenKind.Field:
                return new Node.Field(token.Position, [token.Text[1..]]);
            case TokenKind.Bool:
                return new Node.Bool(token.Position, token.Text == "true");
            case TokenKind.CharConstant or TokenKind.Complex or TokenKind.Number:
                return Number(token);
            case TokenKind.LeftParenthesis:
                return Parenthesized();
            case TokenKind.String or TokenKind.RawString:
                return new Node.String(token.Position, token.Value, StringLiteral.Unquote(token.Value) ?? throw Error("invalid syntax"));
        }

        tokens.Back();
        return null;
    }

    private Node.Pipeline Parenthesized()
    {
        if (parenthesisDepth >= MaxParentheses)
        {
            throw Error("max expression depth exceeded");
        }

        if (DeepStack.IsLow)
        {
            return DeepStack.Continue(Parenthesized);
        }

        parenthesisDepth++;
        var pipe = Pipeline("parenthesized pipeline", TokenKind.RightParenthesis);
        parenthesisDepth--;
        return pipe;
    }

    private Node.Number Number(Token token)
    {
        if (token.Kind == TokenKind.CharConstant)
        {
            var (rune, invalid) = StringLiteral.UnquoteChar(token.Value);
            return invalid is null ? new Node.Number(token.Position, token.Text, NumberLiteral.OfRune(rune)) : throw Error(invalid);
        }

        var (literal, error) = NumberLiteral.Parse(token.Text, token.Kind == TokenKind.Complex);
        return literal is null ? throw Error(error!) : new Node.Number(token.Position, token.Text, literal);
    }
}
