using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Parsing;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Execution;

/// <summary>
/// Walks a template's nodes once. Go reports the node it marked last, so every step here marks the node Go marks (<see cref="At"/>),
/// in the same order.
/// </summary>
internal sealed partial class Executor(
    Template template,
    Dictionary<string, ParsedTemplate> templates,
    TemplateOptions options,
    FunctionContext context,
    OutputBuffer output)
{
    private static readonly GoString NoValue = GoString.Of("<no value>");

    private readonly ExecutionBudget budget = context.Budget;
    private VariableStack variables = new(default);
    private Node? current;
    private string executing = template.Name;
    private int depth;

    public void Run(GoValue data)
    {
        try
        {
            var root = Slot.Of(data);
            variables = new VariableStack(root);
            Walk(root, templates[template.Name].Root);
        }
        catch (LimitExceededException e)
        {
            throw Error(TemplateErrorKind.Limit, e.Message);
        }
    }

    private Flow Walk(Slot dot, Node node)
    {
        if (DeepStack.IsLow)
        {
            return DeepStack.Continue(() => Walk(dot, node));
        }

        At(node);
        switch (node)
        {
            case Node.Text text:
                output.Write(text.Bytes);
                return Flow.Next;
            case Node.Action action:
                Act(dot, action);
                return Flow.Next;
            case Node.Sequence sequence:
                return WalkSequence(dot, sequence);
            case Node.Branch { Keyword: "range" } range:
                return WalkRange(dot, range);
            case Node.Branch branch:
                return WalkIfOrWith(dot, branch);
            case Node.Template call:
                CallTemplate(dot, call);
                return Flow.Next;
            case Node.Break:
                return Flow.Break;
            default:
                return Flow.Continue;
        }
    }

    private Flow WalkSequence(Slot dot, Node.Sequence sequence)
    {
        foreach (var node in sequence.Nodes)
        {
            var flow = Walk(dot, node);
            if (flow != Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }

    private void Act(Slot dot, Node.Action action)
    {
        var value = EvaluatePipeline(dot, action.Pipe);
        if (action.Pipe.Declared.Count == 0)
        {
            At(action);
            output.Write(value.IsValid ? Printer.Sprint(budget, value.Value) : NoValue);
        }
    }

    private Flow WalkIfOrWith(Slot dot, Node.Branch branch)
    {
        var mark = variables.Mark;
        var value = EvaluatePipeline(dot, branch.Pipe);
        var flow = Flow.Next;
        if (value.Value.IsTrue)
        {
            flow = Walk(branch.Keyword == "with" ? value : dot, branch.Body);
        }
        else if (branch.Otherwise is not null)
        {
            flow = Walk(dot, branch.Otherwise);
        }

        variables.Release(mark);
        return flow;
    }

    private void CallTemplate(Slot dot, Node.Template call)
    {
        if (!templates.TryGetValue(call.Name, out var callee))
        {
            throw Error($"template {GoQuote.Quote(call.Name)} not defined");
        }

        if (depth == context.MaxDepth)
        {
            throw Error(TemplateErrorKind.Limit, $"exceeded maximum template depth ({depth})");
        }

        dot = call.Pipe is null ? Slot.Invalid : EvaluatePipeline(dot, call.Pipe);
        var (savedVariables, savedExecuting) = (variables, executing);
        (variables, executing) = (new VariableStack(dot), callee.Name);
        depth++;
        Walk(dot, callee.Root);
        depth--;
        (variables, executing) = (savedVariables, savedExecuting);
    }

    private void At(Node node)
    {
        budget.Step();
        current = node;
    }

    private TemplateException Error(string message) => Error(TemplateErrorKind.Exec, message);

    /// <param name="subject">What failed, told without the data that <paramref name="message"/> may quote.</param>
    private TemplateException ErrorOfData(string message, string subject) => Error(TemplateErrorKind.Exec, message, subject);

    private TemplateException Error(TemplateErrorKind kind, string message, string? subject = null) => TemplateException.OfExecution(
        kind, template.Name, template.Source.Locate(current?.Position ?? 0), executing, current?.Print() ?? "", message, subject);
}
