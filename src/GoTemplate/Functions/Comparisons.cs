using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions;

/// <summary><c>eq</c> and the orders: kinds must agree, only signed and unsigned integers mix.</summary>
internal static class Comparisons
{
    public static GoFunction[] All { get; } =
    [
        new("eq", "value, ...value", call => GoBool.Of(EqualsAny(call))),
        new("ne", "value, value", call => GoBool.Of(!AreEqual(call.Budget, call[0], call[1]))),
        new("lt", "value, value", call => GoBool.Of(Less(call[0], call[1]))),
        new("le", "value, value", call => GoBool.Of(Less(call[0], call[1]) || AreEqual(call.Budget, call[0], call[1]))),
        new("gt", "value, value", call => GoBool.Of(!Less(call[0], call[1]) && !AreEqual(call.Budget, call[0], call[1]))),
        new("ge", "value, value", call => GoBool.Of(!Less(call[0], call[1]))),
    ];

    private static bool EqualsAny(Call call)
    {
        if (call.Count == 1)
        {
            throw new FunctionException("missing argument for comparison");
        }

        var equal = false;
        foreach (var other in call.From(1))
        {
            equal |= !equal && AreEqual(call.Budget, call[0], other);
        }

        return equal;
    }

    private static bool AreEqual(ExecutionBudget budget, GoValue left, GoValue right)
    {
        var (leftKind, rightKind) = (BasicKind(left), BasicKind(right));
        if (leftKind != rightKind)
        {
            return (left, right) switch
            {
                (GoInt a, GoUint b) => a.Value >= 0 && (ulong)a.Value == b.Value,
                (GoUint a, GoInt b) => b.Value >= 0 && a.Value == (ulong)b.Value,
                _ when left is GoNil || right is GoNil => left.IsNil && right.IsNil,
                _ => throw Incompatible(left, right),
            };
        }

        return (left, right) switch
        {
            (GoNil, _) or (_, GoNil) => left.IsNil && right.IsNil,
            (GoBool a, GoBool b) => a == b,
            (GoComplex a, GoComplex b) => a.Real == b.Real && a.Imaginary == b.Imaginary,
            (GoFloat a, GoFloat b) => a.Value == b.Value,
            (GoInt a, GoInt b) => a.Value == b.Value,
            (GoUint a, GoUint b) => a.Value == b.Value,
            (GoString a, GoString b) => a == b,
            _ => StructsEqual(budget, left, right),
        };
    }

    private static bool StructsEqual(ExecutionBudget budget, GoValue left, GoValue right)
    {
        foreach (var value in (GoValue[])[left, right])
        {
            if (value is GoList or GoMap)
            {
                throw new FunctionException($"non-comparable type {Printer.Sprintf(budget, GoString.Of("%s"), [value]).ToText()}: {value.Type}");
            }
        }

        return left.Type == right.Type && GoMethods.SameStruct(left, right);
    }

    private static bool Less(GoValue left, GoValue right)
    {
        return (left, right) switch
        {
            (GoInt a, GoUint b) => a.Value < 0 || (ulong)a.Value < b.Value,
            (GoUint a, GoInt b) => b.Value >= 0 && a.Value < (ulong)b.Value,
            _ when Basic(left) != Basic(right) => throw Incompatible(left, right),
            (GoFloat a, GoFloat b) => a.Value < b.Value,
            (GoInt a, GoInt b) => a.Value < b.Value,
            (GoUint a, GoUint b) => a.Value < b.Value,
            (GoString a, GoString b) => a < b,
            _ => throw new FunctionException("invalid type for comparison"),
        };
    }

    private static string Basic(GoValue value) => BasicKind(value) is var kind && kind.Length > 0 ? kind : throw new FunctionException("invalid type for comparison");

    private static FunctionException Incompatible(GoValue left, GoValue right) =>
        new($"incompatible types for comparison: {Name(left)} and {Name(right)}");

    private static string Name(GoValue value) => value is GoNil ? "<nil>" : value.Type.Name;

    /// <summary>Go's comparison classes; empty for what has none.</summary>
    private static string BasicKind(GoValue value) => value switch
    {
        GoBool => "bool",
        GoComplex => "complex",
        GoFloat => "float",
        GoInt => "int",
        GoUint => "uint",
        GoString => "string",
        _ => "",
    };
}
