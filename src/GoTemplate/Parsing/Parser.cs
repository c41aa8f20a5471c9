using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Parsing;

/// <summary>
/// Recursive descent, with Go's grammar, messages and lines. One parser makes one template;
/// <c>define</c> and <c>block</c> start another on the same lexer and the same set of templates.
/// </summary>
internal sealed partial class Parser
{
    private readonly string rootName;
    private readonly GoString text;
    private readonly Lexer lexer;
    private readonly TokenBuffer tokens;
    private readonly IReadOnlyDictionary<string, GoFunction> functions;
    private readonly Dictionary<string, ParsedTemplate> templates;
    private readonly List<string> variables = ["$"];
    private int actionLine;
    private int rangeDepth;
    private int parenthesisDepth;

    private Parser(string rootName, GoString text, Lexer lexer, IReadOnlyDictionary<string, GoFunction> functions, Dictionary<string, ParsedTemplate> templates)
    {
        this.rootName = rootName;
        this.text = text;
        this.lexer = lexer;
        this.functions = functions;
        this.templates = templates;
        tokens = new TokenBuffer(lexer);
    }

    /// <exception cref="TemplateException">The text is no template.</exception>
    public static Dictionary<string, ParsedTemplate> Parse(string name, GoString text, TemplateOptions options)
    {
        var lexer = new Lexer(text, GoString.Of(options.LeftDelimiter), GoString.Of(options.RightDelimiter));
        var templates = new Dictionary<string, ParsedTemplate>(StringComparer.Ordinal);
        var parser = new Parser(name, text, lexer, options.Functions.Table, templates);
        try
        {
            parser.Add(name, parser.ParseMain());
            return templates;
        }
        catch (LimitExceededException e)
        {
            throw parser.Error(e.Message, TemplateErrorKind.Limit);
        }
    }

    private Node.Sequence ParseMain()
    {
        var root = new Node.Sequence(tokens.Peek().Position, []);
        while (tokens.Peek().Kind != TokenKind.End)
        {
            if (tokens.Peek().Kind == TokenKind.LeftDelimiter)
            {
                var delimiter = tokens.Next();
                if (tokens.NextNonSpace().Kind == TokenKind.Define)
                {
                    Child().ParseDefinition();
                    continue;
                }

                tokens.Back(delimiter);
            }

            var node = TextOrAction();
            if (node is Node.End or Node.Else)
            {
                throw Error($"unexpected {node.Print()}");
            }

            root.Nodes.Add(node);
        }

        return root;
    }

    private Parser Child() => new(rootName, text, lexer, functions, templates);

    private void ParseDefinition()
    {
        const string context = "define clause";
        var token = tokens.NextNonSpace();
        var name = TemplateName(token, context);
        Expect(TokenKind.RightDelimiter, context);
        ParseNamed(name, context);
    }

    private void ParseNamed(string name, string context)
    {
        var (list, end) = ItemList();
        if (end is not Node.End)
        {
            throw Error($"unexpected {end.Print()} in {context}");
        }

        Add(name, list);
    }

    private void Add(string name, Node.Sequence root)
    {
        var template = new ParsedTemplate(name, root);
        if (!templates.TryGetValue(name, out var old) || old.IsEmpty)
        {
            templates[name] = template;
        }
        else if (!template.IsEmpty)
        {
            throw Error($"template: multiple definition of template {GoQuote.Quote(name)}");
        }
    }

    private (Node.Sequence List, Node End) ItemList()
    {
        var list = new Node.Sequence(tokens.PeekNonSpace().Position, []);
        while (tokens.PeekNonSpace().Kind != TokenKind.End)
        {
            var node = TextOrAction();
            if (node is Node.End or Node.Else)
            {
                return (list, node);
            }

            list.Nodes.Add(node);
        }

        throw Error("unexpected EOF");
    }

    private Node TextOrAction()
    {
        var token = tokens.NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Text:
                return new Node.Text(token.Position, token.Value);
            case TokenKind.LeftDelimiter:
                actionLine = token.Line;
                var node = Action();
                actionLine = 0;
                return node;
            default:
                throw Unexpected(token, "input");
        }
    }

    private Token Expect(TokenKind kind, string context)
    {
        var token = tokens.NextNonSpace();
        return token.Kind == kind ? token : throw Unexpected(token, context);
    }

    private string TemplateName(Token token, string context)
    {
        if (token.Kind is not (TokenKind.String or TokenKind.RawString))
        {
            throw Unexpected(token, context);
        }

        return StringLiteral.Unquote(token.Value)?.ToText() ?? throw Error("invalid syntax");
    }

    private TemplateException Unexpected(Token token, string context)
    {
        if (token.Kind != TokenKind.Error)
        {
            return Error($"unexpected {token.Describe()} in {context}");
        }

        if (actionLine == 0 || actionLine == token.Line)
        {
            return Error(token.Describe());
        }

        var where = token.Text.EndsWith(" action", StringComparison.Ordinal) ? " started at" : " in action started at";
        return Error($"{token.Describe()}{where} {rootName}:{actionLine}");
    }

    private TemplateException Error(string message, TemplateErrorKind kind = TemplateErrorKind.Parse) =>
        TemplateException.OfParsing(rootName, tokens.Line, text.Locate(tokens.Position).Column, message, kind);
}
