using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Data;

/// <summary>Choices, failures, and what a value is.</summary>
internal static class DefaultFunctions
{
    public static GoFunction[] All { get; } =
    [
        new("default", "any, ...any", call => call.Count > 1 && call[1].IsTrue ? call[1] : call[0]),
        new("empty", "any", call => GoBool.Of(!call[0].IsTrue)),
        new("coalesce", "...any", call => Array.Find(call.All, value => value.IsTrue) ?? GoNil.Value),
        new("all", "...any", call => GoBool.Of(Array.TrueForAll(call.All, value => value.IsTrue))),
        new("any", "...any", call => GoBool.Of(Array.Exists(call.All, value => value.IsTrue))),
        new("ternary", "any, any, bool", call => call[call.Bool(2) ? 0 : 1]),
        new("fail", "string", call => throw new FunctionException(call.Text(0).ToText())),
        new("typeOf", "any", call => GoString.Of(TypeName(call[0]))),
        new("typeIs", "string, any", call => GoBool.Of(call.Text(0).ToText() == TypeName(call[1]))),
        new("typeIsLike", "string, any", call => GoBool.Of(TypeName(call[1]) is var name && (call.Text(0).ToText() == name || "*" + call.Text(0).ToText() == name))),
        new("kindOf", "any", call => GoString.Of(GoKinds.Name(call[0]))),
        new("kindIs", "string, any", call => GoBool.Of(call.Text(0).ToText() == GoKinds.Name(call[1]))),
        new("deepEqual", "any, any", call => GoBool.Of(DeepEquality.AreEqual(call.Budget, call[0], call[1]))),
        new("deepCopy", "any", call => Copied(call)),
        new("mustDeepCopy", "any", call => Copied(call)),
    ];

    private static string TypeName(GoValue value) => value is GoNil ? "<nil>" : value.Type.Name;

    private static GoValue Copied(Call call) =>
        call[0] is GoNil ? throw new FunctionException("reflect: call of reflect.Value.Type on zero Value") : Copy(call.Budget, call[0]);

    private static GoValue Copy(ExecutionBudget budget, GoValue value)
    {
        DeepStack.CheckNesting();
        budget.AllocateItems(1);
        if (value is GoList or GoMap)
        {
            budget.AllocateObject();
            budget.AllocateItems(value is GoMap { Entries.Count: var count } ? count : 0);
        }

        return value switch
        {
            GoList { IsNilSlice: false } list => new GoList(list.Type, [.. list.Items.Select(item => Copy(budget, item))]),
            GoMap map => new GoMap(map.Type, map.Entries.ToDictionary(entry => entry.Key, entry => Copy(budget, entry.Value))),
            _ => value,
        };
    }
}
