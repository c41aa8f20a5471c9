namespace GitOpsSecrets.GoTemplate.Parsing;

/// <summary>Actions that are more than a pipeline.</summary>
internal sealed partial class Parser
{
    private Node Action()
    {
        if (DeepStack.IsLow)
        {
            return DeepStack.Continue(Action);
        }

        var token = tokens.NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Block:
                return Block();
            case TokenKind.Break:
                LoopControl("{{break}}");
                return new Node.Break(token.Position);
            case TokenKind.Continue:
                LoopControl("{{continue}}");
                return new Node.Continue(token.Position);
            case TokenKind.Else:
                return Else();
            case TokenKind.EndKeyword:
                return new Node.End(Expect(TokenKind.RightDelimiter, "end").Position);
            case TokenKind.If or TokenKind.Range or TokenKind.With:
                return Branch(token.Text);
            case TokenKind.Template:
                return Template();
        }

        tokens.Back();
        var position = tokens.Peek().Position;
        return new Node.Action(position, Pipeline("command", TokenKind.RightDelimiter));
    }

    private Node.Template Block()
    {
        const string context = "block clause";
        var token = tokens.NextNonSpace();
        var name = TemplateName(token, context);
        var pipe = Pipeline(context, TokenKind.RightDelimiter);
        Child().ParseNamed(name, context);
        return new Node.Template(token.Position, name, pipe);
    }

    private Node.Template Template()
    {
        const string context = "template clause";
        var token = tokens.NextNonSpace();
        var name = TemplateName(token, context);
        if (tokens.NextNonSpace().Kind == TokenKind.RightDelimiter)
        {
            return new Node.Template(token.Position, name, null);
        }

        tokens.Back();
        return new Node.Template(token.Position, name, Pipeline(context, TokenKind.RightDelimiter));
    }

    private void LoopControl(string action)
    {
        var token = tokens.NextNonSpace();
        if (token.Kind != TokenKind.RightDelimiter)
        {
            throw Unexpected(token, action);
        }

        if (rangeDepth == 0)
        {
            throw Error($"{action} outside {{{{range}}}}");
        }
    }

    /// <summary><c>{{else if …}}</c> and <c>{{else with …}}</c> leave their keyword for <see cref="Branch"/> to find.</summary>
    private Node.Else Else()
    {
        var next = tokens.PeekNonSpace();
        return new(next.Kind is TokenKind.If or TokenKind.With ? next.Position : Expect(TokenKind.RightDelimiter, "else").Position);
    }

    private Node.Branch Branch(string keyword)
    {
        var variablesBefore = variables.Count;
        var pipe = Pipeline(keyword, TokenKind.RightDelimiter);
        rangeDepth += keyword == "range" ? 1 : 0;
        var (body, end) = ItemList();
        rangeDepth -= keyword == "range" ? 1 : 0;
        var otherwise = end is Node.Else ? ElseBody(keyword, end) : null;
        variables.RemoveRange(variablesBefore, variables.Count - variablesBefore);
        return new Node.Branch(pipe.Position, keyword, pipe, body, otherwise);
    }

    private Node.Sequence ElseBody(string keyword, Node start)
    {
        var next = tokens.Peek().Kind;
        if ((keyword == "if" && next == TokenKind.If) || (keyword == "with" && next == TokenKind.With))
        {
            tokens.Next();
            var branch = DeepStack.IsLow ? DeepStack.Continue(() => Branch(keyword)) : Branch(keyword);
            return new Node.Sequence(start.Position, [branch]);
        }

        var (list, end) = ItemList();
        return end is Node.End ? list : throw Error($"expected end; found {end.Print()}");
    }
}
