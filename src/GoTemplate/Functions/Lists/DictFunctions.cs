using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Lists;

/// <summary>Dictionaries: <c>map[string]interface {}</c> only, which the dot of a secret's template is not.</summary>
internal static class DictFunctions
{
    public static GoFunction[] All { get; } =
    [
        new("dict", "...any", Dict),
        new("get", "map, string", call => call.Map(0).Entries.GetValueOrDefault(call.Text(1)) ?? GoString.Empty),
        new("set", "map, string, any", Set),
        new("unset", "map, string", Unset),
        new("hasKey", "map, string", call => GoBool.Of(call.Map(0).Entries.ContainsKey(call.Text(1)))),
        new("pluck", "string, ...map", Pluck),
        new("keys", "...map", call => GoList.OfStrings(call.All.SelectMany(map => Sorted(call, (GoMap)map).Select(entry => entry.Key)))),
        new("values", "map", call => GoList.OfAny([.. Sorted(call, call.Map(0)).Select(entry => entry.Value)])),
        new("pick", "map, ...string", call => Filter(call, keeps: true)),
        new("omit", "map, ...string", call => Filter(call, keeps: false)),
        new("dig", "...any", Dig),
        new("merge", "map, ...map", call => Merge(call, overwrite: false)),
        new("mustMerge", "map, ...map", call => Merge(call, overwrite: false)),
        new("mergeOverwrite", "map, ...map", call => Merge(call, overwrite: true)),
        new("mustMergeOverwrite", "map, ...map", call => Merge(call, overwrite: true)),
    ];

    private static IEnumerable<KeyValuePair<GoString, GoValue>> Sorted(Call call, GoMap map)
    {
        call.Budget.AllocateItems(map.Entries.Count);
        return map.Sorted();
    }

    private static GoMap Dict(Call call)
    {
        var map = GoMap.OfAny();
        AllocateEntries(call.Budget, call.Count / 2);
        for (var i = 0; i < call.Count; i += 2)
        {
            map.Entries[Printer.Sprint(call.Budget, call[i])] = i + 1 < call.Count ? call[i + 1] : GoString.Empty;
        }

        return map;
    }

    private static void AllocateEntries(ExecutionBudget budget, int count)
    {
        const int itemsAnEntry = 2;
        budget.AllocateItems(count * itemsAnEntry);
    }

    private static GoMap Set(Call call)
    {
        if (call.Map(0).IsNilMap)
        {
            throw new FunctionException("assignment to entry in nil map");
        }

        AllocateEntries(call.Budget, 1);
        call.Map(0).Entries[call.Text(1)] = call[2];
        return call.Map(0);
    }

    private static GoMap Unset(Call call)
    {
        call.Map(0).Entries.Remove(call.Text(1));
        return call.Map(0);
    }

    private static GoList Pluck(Call call)
    {
        var items = new List<GoValue>();
        foreach (var map in call.From(1))
        {
            if (((GoMap)map).Entries.TryGetValue(call.Text(0), out var value))
            {
                items.Add(value);
            }
        }

        return GoList.OfAny(items);
    }

    private static GoMap Filter(Call call, bool keeps)
    {
        var names = call.From(1).ToArray().Cast<GoString>().ToHashSet();
        AllocateEntries(call.Budget, call.Map(0).Entries.Count);
        return new GoMap(GoType.AnyMap, call.Map(0).Entries.Where(entry => names.Contains(entry.Key) == keeps).ToDictionary());
    }

    private static GoValue Dig(Call call)
    {
        if (call.Count < 3)
        {
            throw new FunctionException("dig needs at least three arguments");
        }

        var step = call[call.Count - 1];
        for (var i = 0; i < call.Count - 2; i++)
        {
            var map = step as GoMap;
            if (map is null || map.Type != GoType.AnyMap)
            {
                throw Conversion(step, "map[string]interface {}");
            }

            var key = call[i] as GoString ?? throw Conversion(call[i], "string");
            if (!map.Entries.TryGetValue(key, out step!))
            {
                return call[call.Count - 2];
            }
        }

        return step;
    }

    private static FunctionException Conversion(GoValue value, string wanted) =>
        new($"interface conversion: interface {{}} is {(value is GoNil ? "nil" : value.Type.Name)}, not {wanted}");

    private static GoMap Merge(Call call, bool overwrite)
    {
        var target = call.Map(0).IsNilMap ? GoMap.OfAny() : call.Map(0);
        foreach (var source in call.From(1))
        {
            MergeInto(call.Budget, target, (GoMap)source, overwrite);
        }

        return target;
    }

    private static void MergeInto(ExecutionBudget budget, GoMap target, GoMap source, bool overwrite)
    {
        DeepStack.CheckNesting();
        foreach (var (key, value) in source.Entries.ToArray())
        {
            AllocateEntries(budget, 1);
            var old = target.Entries.GetValueOrDefault(key);
            if (old is GoMap inner && inner.Type == GoType.AnyMap && value is GoMap other && other.Type == GoType.AnyMap)
            {
                MergeInto(budget, inner, other, overwrite);
            }
            else if (overwrite || (value is not GoNil && old is not { IsTrue: true }))
            {
                target.Entries[key] = value;
            }
        }
    }
}
