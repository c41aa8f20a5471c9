using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Parsing;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Execution;

/// <summary>
/// Pipelines, commands and fields. <c>piped</c> is the value of the stage before, null where there is none:
/// an invalid value that is piped in counts as an argument, no value does not.
/// </summary>
internal sealed partial class Executor
{
    private static readonly Node[] NoArguments = [];

    private Slot EvaluatePipeline(Slot dot, Node.Pipeline pipe)
    {
        At(pipe);
        Slot? value = null;
        foreach (var command in pipe.Commands)
        {
            value = EvaluateCommand(dot, command, value).Unwrap();
        }

        var result = value ?? Slot.Invalid;
        foreach (var variable in pipe.Declared)
        {
            if (pipe.IsAssignment)
            {
                Assign(variable, result);
            }
            else
            {
                variables.Push(variable.Name, result);
            }
        }

        return result;
    }

    private Slot EvaluateCommand(Slot dot, Node.Command command, Slot? piped)
    {
        var first = command.Arguments[0];
        switch (first)
        {
            case Node.Field field:
                return EvaluateField(dot, field, command.Arguments, piped);
            case Node.Chain chain:
                return EvaluateChain(dot, chain, command.Arguments, piped);
            case Node.Identifier identifier:
                return EvaluateFunction(dot, identifier, command, command.Arguments, piped);
            case Node.Pipeline pipe:
                RefuseArguments(command.Arguments, piped);
                return DeepStack.IsLow ? DeepStack.Continue(() => EvaluatePipeline(dot, pipe)) : EvaluatePipeline(dot, pipe);
            case Node.Variable variable:
                return EvaluateVariable(dot, variable, command.Arguments, piped);
        }

        At(first);
        RefuseArguments(command.Arguments, piped);
        return first is Node.Nil ? throw Error("nil is not a command") : Constant(dot, first);
    }

    private void RefuseArguments(List<Node> arguments, Slot? piped)
    {
        if (arguments.Count > 1 || piped is not null)
        {
            throw Error($"can't give argument to non-function {arguments[0].Print()}");
        }
    }

    private Slot Constant(Slot dot, Node node) => node switch
    {
        Node.Bool constant => Slot.Of(GoBool.Of(constant.Value)),
        Node.Dot => dot,
        Node.String constant => Slot.Of(constant.Value),
        Node.Number constant => IdealConstant(constant),
        _ => throw Error($"can't evaluate command {node.Print()}"),
    };

    private Slot IdealConstant(Node.Number constant)
    {
        At(constant);
        var literal = constant.Value;
        if (literal.Complex is not null)
        {
            return Slot.Of(literal.Complex);
        }

        var isInteger = constant.Source[0] == '\'' || (constant.Source.Contains('x', StringComparison.OrdinalIgnoreCase) && !constant.Source.Contains('p', StringComparison.OrdinalIgnoreCase));
        if (literal.Float is { } value && !isInteger && constant.Source.AsSpan().IndexOfAny(".eEpP") >= 0)
        {
            return Slot.Of(new GoFloat(value));
        }

        return literal.Signed is { } signed ? Slot.Of(GoInt.Of(signed)) : throw Error($"{constant.Source} overflows int");
    }

    private Slot EvaluateField(Slot dot, Node.Field field, IReadOnlyList<Node> arguments, Slot? piped)
    {
        At(field);
        return FieldChain(dot, dot, field, field.Names, arguments, piped);
    }

    private Slot EvaluateChain(Slot dot, Node.Chain chain, IReadOnlyList<Node> arguments, Slot? piped)
    {
        At(chain);
        var receiver = EvaluateArgument(dot, null, chain.Receiver);
        return FieldChain(dot, receiver, chain, chain.Names, arguments, piped);
    }

    private Slot EvaluateVariable(Slot dot, Node.Variable variable, IReadOnlyList<Node> arguments, Slot? piped)
    {
        At(variable);
        if (!variables.TryGet(variable.Name, out var value))
        {
            throw Error($"undefined variable: {variable.Name}");
        }

        if (variable.Fields.Length > 0)
        {
            return FieldChain(dot, value, variable, variable.Fields, arguments, piped);
        }

        if (arguments.Count > 1 || piped is not null)
        {
            throw Error($"can't give argument to non-function {arguments[0].Print()}");
        }

        return value;
    }

    private Slot FieldChain(Slot dot, Slot receiver, Node node, IReadOnlyList<string> names, IReadOnlyList<Node> arguments, Slot? piped)
    {
        for (var i = 0; i < names.Count - 1; i++)
        {
            receiver = FieldOf(dot, receiver, names[i], node, NoArguments, null);
        }

        return FieldOf(dot, receiver, names[^1], node, arguments, piped);
    }

    private Slot FieldOf(Slot dot, Slot receiver, string name, Node node, IReadOnlyList<Node> arguments, Slot? piped)
    {
        if (!receiver.IsValid)
        {
            return options.MissingKey == MissingKey.Error ? throw Error($"nil data; no entry for key {Formatting.GoQuote.Quote(name)}") : Slot.Invalid;
        }

        if (receiver.IsInterface && receiver.Value is GoNil)
        {
            throw Error($"nil pointer evaluating {receiver.Type}.{name}");
        }

        if (GoMethods.Find(receiver.Value, name) is { } method)
        {
            return Call(dot, method, node, arguments, piped);
        }

        var hasArguments = arguments.Count > 1 || piped is not null;
        if (receiver.Value is GoMap map)
        {
            return hasArguments ? throw Error($"{name} is not a method but has arguments") : Entry(map, name);
        }

        switch (GoMethods.FieldOf(receiver.Value, name, out var isExported))
        {
            case { } when hasArguments:
                throw Error($"{name} has arguments but cannot be invoked as function");
            case { } field:
                return Slot.Of(field);
            default:
                throw Error(isExported ? $"can't evaluate field {name} in type {receiver.Type}" : $"{name} is an unexported field of struct type {receiver.Type}");
        }
    }

    private Slot Entry(GoMap map, string name)
    {
        if (map.Entries.TryGetValue(GoString.Of(name), out var value))
        {
            return Slot.OfElement(value, map.Type);
        }

        return options.MissingKey switch
        {
            MissingKey.Default => Slot.Invalid,
            MissingKey.Zero => Slot.OfElement(map.ZeroElement(), map.Type),
            _ => throw Error($"map has no entry for key {Formatting.GoQuote.Quote(name)}"),
        };
    }
}
