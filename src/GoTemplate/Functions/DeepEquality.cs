using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions;

/// <summary>reflect.DeepEqual: types count, nil and empty differ.</summary>
internal static class DeepEquality
{
    public static bool Contains(ExecutionBudget budget, IReadOnlyList<GoValue> items, GoValue wanted)
    {
        foreach (var item in items)
        {
            if (AreEqual(budget, item, wanted))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same for values that are equal. Of lists and maps only the length counts.</summary>
    public static int Hash(GoValue value) => value switch
    {
        GoInt number => number.Value.GetHashCode(),
        GoUint number => number.Value.GetHashCode(),
        GoFloat number => number.Value.GetHashCode(),
        GoString text => text.GetHashCode(),
        GoList list => list.Count,
        GoMap map => map.Entries.Count,
        _ => 0,
    };

    public static bool AreEqual(ExecutionBudget budget, GoValue left, GoValue right)
    {
        budget.Step();
        DeepStack.CheckNesting();
        if (left.Type != right.Type || left.IsNil != right.IsNil)
        {
            return false;
        }

        return (left, right) switch
        {
            (GoNil, GoNil) => true,
            (GoBool a, GoBool b) => a == b,
            (GoInt a, GoInt b) => a.Value == b.Value,
            (GoUint a, GoUint b) => a.Value == b.Value,
            (GoFloat a, GoFloat b) => a.Value == b.Value,
            (GoComplex a, GoComplex b) => a.Real == b.Real && a.Imaginary == b.Imaginary,
            (GoString a, GoString b) => TextsEqual(budget, a, b),
            (GoList a, GoList b) => ListsEqual(budget, a, b),
            (GoMap a, GoMap b) => MapsEqual(budget, a, b),
            _ => GoMethods.SameContent(left, right),
        };
    }

    private static bool TextsEqual(ExecutionBudget budget, GoString left, GoString right)
    {
        budget.Walk(left.Length == right.Length ? left.Length : 0);
        return left == right;
    }

    private static bool ListsEqual(ExecutionBudget budget, GoList left, GoList right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        for (var i = 0; i < left.Count; i++)
        {
            if (!AreEqual(budget, left.Items[i], right.Items[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool MapsEqual(ExecutionBudget budget, GoMap left, GoMap right)
    {
        if (left.Entries.Count != right.Entries.Count)
        {
            return false;
        }

        foreach (var (key, value) in left.Entries)
        {
            if (!right.Entries.TryGetValue(key, out var other) || !AreEqual(budget, value, other))
            {
                return false;
            }
        }

        return true;
    }
}
