using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Parsing;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate;

/// <summary>A parsed Go template. It does not change when executed, so many threads may share one.</summary>
public sealed class Template
{
    private readonly Dictionary<string, ParsedTemplate> templates;
    private readonly TemplateOptions options;

    private Template(string name, GoString text, Dictionary<string, ParsedTemplate> templates, TemplateOptions options)
    {
        Name = name;
        Source = text;
        this.templates = templates;
        this.options = options;
    }

    public string Name { get; }

    internal GoString Source { get; }

    /// <param name="name">Stands in error messages, and is the name a <c>define</c> in the text can clash with.</param>
    /// <exception cref="TemplateException">The text is no template.</exception>
    public static Template Parse(string name, string text, TemplateOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var source = GoString.Of(text);
        return new Template(name, source, Parser.Parse(name, source, options), options);
    }

    /// <summary>Whether an action names the field, or has its name as a text (<c>index .a "b"</c>). What stands outside of actions, or in comments, does not count.</summary>
    public bool Names(string field)
    {
        var lexer = new Lexer(Source, GoString.Of(options.LeftDelimiter), GoString.Of(options.RightDelimiter));
        for (var token = lexer.Next(); token.Kind is not (TokenKind.End or TokenKind.Error); token = lexer.Next())
        {
            if (token.Kind == TokenKind.Field && token.Text[1..] == field) return true;
            if (token.Kind is TokenKind.String or TokenKind.RawString && token.Text[1..^1] == field) return true;
        }
        return false;
    }

    /// <summary>The rendered bytes; nothing is rendered when execution fails.</summary>
    /// <exception cref="TemplateException">It failed, or asked for more than the limits.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public byte[] Execute(GoValue data, ExecuteOptions execution, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(execution);
        return Execute(data, execution, cancellationToken, out _);
    }

    /// <param name="waited">For how long others had the turn.</param>
    internal byte[] Execute(GoValue data, ExecuteOptions execution, CancellationToken cancellationToken, out TimeSpan waited)
    {
        using var budget = new ExecutionBudget(execution.Limits, execution.Time, execution.Turns, cancellationToken);
        var output = new OutputBuffer(budget, execution.Limits.MaxOutputBytes);
        var context = new FunctionContext(budget, execution.Time, execution.Random, execution.Limits.MaxDepth);
        var executor = new Executor(this, templates, options, context, output);
        executor.Run(data);
        waited = budget.Waited;
        return output.ToArray();
    }
}
