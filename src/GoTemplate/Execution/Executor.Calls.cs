using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Parsing;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Execution;

/// <summary>Function and method calls, and what their parameters accept.</summary>
internal sealed partial class Executor
{
    private Slot EvaluateFunction(Slot dot, Node.Identifier identifier, Node command, IReadOnlyList<Node> arguments, Slot? piped)
    {
        At(identifier);
        return Call(dot, options.Functions.Table[identifier.Name], command, arguments, piped);
    }

    /// <param name="arguments">The command's words, the function's own name first; empty if there is only the name.</param>
    private Slot Call(Slot dot, GoFunction function, Node node, IReadOnlyList<Node> arguments, Slot? piped)
    {
        var given = Math.Max(arguments.Count - 1, 0);
        CheckCount(function, given, given + (piped is null ? 0 : 1));
        if (function.InvalidSignature is not null)
        {
            throw Error(function.InvalidSignature);
        }

        if (function.Stop is { } stop)
        {
            return ShortCircuit(dot, stop, arguments, piped);
        }

        var values = new GoValue[given + (piped is null ? 0 : 1)];
        for (var i = 0; i < given; i++)
        {
            values[i] = EvaluateArgument(dot, function.ParameterType(i), arguments[i + 1]).Value;
        }

        if (piped is { } last)
        {
            values[given] = Accept(last, function.ParameterType(given)).Value;
        }

        if (function.Name == "call")
        {
            At(node);
            throw RefuseToCall(values[0], given > 0 ? arguments[1] : null);
        }

        try
        {
            budget.Enter(values.Sum(value => value is GoString text ? text.Length : 0L));
            var result = function.Invoke(new Call(context, values));
            budget.AllocateObject();
            budget.Allocate(result is GoString made ? made.Length : 0);
            return Slot.Of(result);
        }
        catch (FunctionException e)
        {
            At(node);
            throw ErrorOfData($"error calling {function.Name}: {e.Message}", $"error calling {function.Name}");
        }
        catch (Exception e) when (e is not (LimitExceededException or OperationCanceledException or TemplateException or OutOfMemoryException))
        {
            // Go recovers whatever a function panics with. What a library says of hostile input may quote it, so it is not repeated.
            At(node);
            throw Error($"error calling {function.Name}: invalid input");
        }
    }

    /// <summary><c>call</c> wants a function, and no value of ours is one.</summary>
    private TemplateException RefuseToCall(GoValue callee, Node? written) => callee is GoNil
        ? Error("error calling call: call of nil")
        : ErrorOfData($"error calling call: non-function {written?.Print() ?? Printer.Sprint(budget, callee).ToText()} of type {callee.Type}", "error calling call");

    private void CheckCount(GoFunction function, int given, int total)
    {
        if (function.IsVariadic)
        {
            if (total < function.FixedCount)
            {
                throw Error($"wrong number of args for {function.Name}: want at least {function.FixedCount} got {given}");
            }
        }
        else if (total != function.FixedCount)
        {
            throw Error($"wrong number of args for {function.Name}: want {function.FixedCount} got {total}");
        }
    }

    /// <summary><c>and</c> and <c>or</c>: the first operand that decides, the rest not evaluated.</summary>
    private Slot ShortCircuit(Slot dot, bool stopAt, IReadOnlyList<Node> arguments, Slot? piped)
    {
        var value = Slot.Invalid;
        for (var i = 1; i < arguments.Count; i++)
        {
            value = EvaluateArgument(dot, GoType.ReflectValue, arguments[i]);
            if (value.Value.IsTrue == stopAt)
            {
                return value;
            }
        }

        return piped ?? value;
    }

    /// <param name="type">The parameter's type; null where anything goes.</param>
    private Slot EvaluateArgument(Slot dot, GoType? type, Node node)
    {
        At(node);
        switch (node)
        {
            case Node.Dot:
                return Accept(dot, type);
            case Node.Nil:
                return type is { CanBeNil: true } ? Slot.Of(Zero(type)) : throw Error($"cannot assign nil to {type}");
            case Node.Field field:
                return Accept(EvaluateField(dot, field, NoArguments, null), type);
            case Node.Variable variable:
                return Accept(EvaluateVariable(dot, variable, NoArguments, null), type);
            case Node.Pipeline pipe:
                return Accept(DeepStack.IsLow ? DeepStack.Continue(() => EvaluatePipeline(dot, pipe)) : EvaluatePipeline(dot, pipe), type);
            case Node.Identifier identifier:
                return Accept(EvaluateFunction(dot, identifier, identifier, NoArguments, null), type);
            case Node.Chain chain:
                return Accept(EvaluateChain(dot, chain, NoArguments, null), type);
            default:
                return Literal(dot, type, node);
        }
    }

    /// <summary>Literals, and only they, take the type of the parameter.</summary>
    private Slot Literal(Slot dot, GoType? type, Node node)
    {
        if (type is null || type == GoType.Any || type == GoType.ReflectValue)
        {
            return Constant(dot, node);
        }

        var number = (node as Node.Number)?.Value;
        var (value, expected) = type.Kind switch
        {
            GoKind.Bool => (node is Node.Bool constant ? GoBool.Of(constant.Value) : null, "bool"),
            GoKind.String => (node is Node.String text ? text.Value : null, "string"),
            GoKind.Float64 => (number?.Float is { } real ? new GoFloat(real) : null, "float"),
            GoKind.Uint32 => (number?.Unsigned is { } unsigned ? new GoUint(type, unchecked((uint)unsigned)) : null, "unsigned integer"),
            _ when type.IsSigned => (number?.Signed is { } signed ? new GoInt(type, signed) : null, "integer"),
            _ => ((GoValue?)null, ""),
        };
        if (value is not null)
        {
            return Slot.Of(value);
        }

        throw Error(expected.Length > 0 ? $"expected {expected}; found {node.Print()}" : $"can't handle {node.Print()} for arg of type {type}");
    }

    private Slot Accept(Slot value, GoType? type)
    {
        if (type is null || type == GoType.Any || type == GoType.ReflectValue)
        {
            return value;
        }

        if (!value.IsValid)
        {
            return type.CanBeNil ? Slot.Of(Zero(type)) : throw Error($"invalid value; expected {type}");
        }

        if (value.Type == type)
        {
            return value;
        }

        var inner = value.IsInterface && value.Value is not GoNil ? value.Unwrap() : value;
        return inner.Type == type ? inner : throw Error($"wrong type for value; expected {type}; got {inner.Type}");
    }

    private static GoValue Zero(GoType type) => type.Kind switch
    {
        GoKind.Slice => GoList.NilOf(type),
        GoKind.Map => GoMap.NilOf(type),
        _ => GoNil.Untyped,
    };
}
