using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Parsing;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Execution;

/// <summary>Loops.</summary>
internal sealed partial class Executor
{
    private Flow WalkRange(Slot dot, Node.Branch range)
    {
        var mark = variables.Mark;
        var value = EvaluatePipeline(dot, range.Pipe);
        var turns = Turns(value, range.Pipe);
        var inner = variables.Mark;
        var ran = false;
        var flow = Flow.Next;
        foreach (var (index, element) in turns)
        {
            ran = true;
            SetLoopVariables(range.Pipe, index, element);
            var ended = Walk(element, range.Body);
            variables.Release(inner);
            if (ended == Flow.Break)
            {
                break;
            }
        }

        if (!ran && range.Otherwise is not null)
        {
            flow = Walk(dot, range.Otherwise);
        }

        variables.Release(mark);
        return flow;
    }

    private IEnumerable<(Slot Index, Slot Element)> Turns(Slot value, Node.Pipeline pipe)
    {
        switch (value.Value)
        {
            case GoNil when !value.IsValid:
                return [];
            case GoList list:
                return list.Items.Select((item, i) => (Slot.Of(GoInt.Of(i)), Slot.OfElement(item, list.Type)));
            case GoMap map:
                return map.Sorted().ToArray().Select(entry => (Slot.Of(entry.Key), Slot.OfElement(entry.Value, map.Type)));
            case GoInt or GoUint when pipe.Declared.Count > 1:
                throw ErrorOfData($"can't use {Shown(value)} to iterate over more than one variable", "can't iterate over more than one variable");
            case GoInt number:
                return Count(number.Value).Select(i => (Slot.Invalid, Slot.Of(new GoInt(number.Type, i))));
            case GoUint number:
                return Count((long)Math.Min(number.Value, long.MaxValue)).Select(i => (Slot.Invalid, Slot.Of(new GoUint(number.Type, (ulong)i))));
            default:
                throw ErrorOfData($"range can't iterate over {Shown(value)}", "range can't iterate over its value");
        }
    }

    private string Shown(Slot value) => Printer.Sprint(budget, value.Value).ToText();

    private static IEnumerable<long> Count(long end)
    {
        for (long i = 0; i < end; i++)
        {
            yield return i;
        }
    }

    private void SetLoopVariables(Node.Pipeline pipe, Slot index, Slot element)
    {
        if (pipe.Declared.Count == 0)
        {
            return;
        }

        if (!pipe.IsAssignment)
        {
            variables.SetFromTop(1, element);
            if (pipe.Declared.Count > 1)
            {
                variables.SetFromTop(2, index);
            }

            return;
        }

        if (pipe.Declared.Count > 1)
        {
            Assign(pipe.Declared[0], index);
            Assign(pipe.Declared[1], element);
        }
        else
        {
            Assign(pipe.Declared[0], element);
        }
    }

    private void Assign(Node.Variable variable, Slot value)
    {
        if (!variables.TrySet(variable.Name, value))
        {
            throw Error($"undefined variable: {variable.Name}");
        }
    }
}
