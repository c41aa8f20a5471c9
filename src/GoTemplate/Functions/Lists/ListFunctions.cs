using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Lists;

/// <summary>Lists. None changes its argument; the <c>must…</c> forms are the same, for here errors and panics look alike.</summary>
internal static class ListFunctions
{
    public static GoFunction[] All { get; } =
    [
        new("list", "...any", List),
        new("tuple", "...any", List),
        .. Both("first", "any", (call, name) => ListOf(call[0], "find first on") is { Count: > 0 } list ? list.Items[0] : GoNil.Value),
        .. Both("last", "any", (call, name) => ListOf(call[0], "find last on") is { Count: > 0 } list ? list.Items[^1] : GoNil.Value),
        .. Both("rest", "any", (call, name) => Range(call, ListOf(call[0], "find rest on"), 1, 0)),
        .. Both("initial", "any", (call, name) => Range(call, ListOf(call[0], "find initial on"), 0, 1)),
        .. Both("reverse", "any", (call, name) => New(call, ListOf(call[0], "find reverse on").Items.Reverse())),
        .. Both("compact", "any", (call, name) => New(call, ListOf(call[0], "compact on").Items.Where(item => item.IsTrue))),
        .. Both("uniq", "any", (call, name) => Unique(call, ListOf(call[0], "find uniq on"))),
        .. Both("without", "any, ...any", Without),
        .. Both("has", "any, any", Has),
        .. Both("slice", "any, ...any", Slice),
        .. Both("chunk", "int, any", Chunk),
        .. Both("append", "any, any", (call, name) => New(call, ListOf(call[0], "push on").Items.Append(call[1]))),
        .. Both("push", "any, any", (call, name) => New(call, ListOf(call[0], "push on").Items.Append(call[1]))),
        .. Both("prepend", "any, any", (call, name) => New(call, ListOf(call[0], "prepend on").Items.Prepend(call[1]))),
        new("concat", "...any", Concat),
    ];

    private static GoFunction[] Both(string name, string signature, Func<Call, string, GoValue> body) =>
    [
        new(name, signature, call => body(call, name)),
        new("must" + char.ToUpperInvariant(name[0]) + name[1..], signature, call => body(call, name)),
    ];

    private static GoList ListOf(GoValue value, string purpose) => value switch
    {
        GoList list => list,
        GoNil => throw NilPointer(),
        _ => throw new FunctionException($"Cannot {purpose} type {GoKinds.Name(value)}"),
    };

    private static FunctionException NilPointer() => new("runtime error: invalid memory address or nil pointer dereference");

    private static GoList List(Call call)
    {
        call.Budget.AllocateItems(call.Count);
        return GoList.OfAny(call.All);
    }

    private static GoList New(Call call, IEnumerable<GoValue> items)
    {
        GoValue[] array = [.. items];
        call.Budget.AllocateItems(array.Length);
        return GoList.OfAny(array);
    }

    private static GoList Range(Call call, GoList list, int fromStart, int fromEnd) => list.Count == 0
        ? GoList.NilOf(GoType.AnyList)
        : New(call, list.Items.Skip(fromStart).Take(list.Count - fromStart - fromEnd));

    private static GoList Unique(Call call, GoList list)
    {
        // Only what may be equal is compared, or many items would mean the square of them in comparisons.
        var result = new List<GoValue>();
        var alike = new Dictionary<int, List<GoValue>>();
        foreach (var item in list.Items)
        {
            call.Budget.AllocateObject();
            var hash = DeepEquality.Hash(item);
            if (!alike.TryGetValue(hash, out var others))
            {
                alike[hash] = others = [];
            }

            if (!DeepEquality.Contains(call.Budget, others, item))
            {
                others.Add(item);
                result.Add(item);
            }
        }

        return New(call, result);
    }

    private static GoList Without(Call call, string name)
    {
        var omitted = call.From(1).ToArray();
        return New(call, ListOf(call[0], "find without on").Items.Where(item => !DeepEquality.Contains(call.Budget, omitted, item)));
    }

    private static GoBool Has(Call call, string name) =>
        GoBool.Of(call[1] is not GoNil && DeepEquality.Contains(call.Budget, ListOf(call[1], "find has on").Items, call[0]));

    private static GoValue Slice(Call call, string name)
    {
        if (call[0] is not GoList list)
        {
            throw call[0] is GoNil ? NilPointer() : new FunctionException($"list should be type of slice or array but {GoKinds.Name(call[0])}");
        }

        if (list.Count == 0)
        {
            return GoNil.Value;
        }

        var start = call.Count > 1 ? Casts.ToInt64(call.Budget, call[1]) : 0;
        var end = call.Count > 2 ? Casts.ToInt64(call.Budget, call[2]) : list.Count;
        if (start < 0 || end < start || end > list.Count)
        {
            throw new FunctionException("reflect.Value.Slice: slice index out of bounds");
        }

        call.Budget.AllocateItems(end - start);
        return new GoList(list.Type, [.. list.Items.Skip((int)start).Take((int)(end - start))]);
    }

    private static GoList Chunk(Call call, string name)
    {
        var list = ListOf(call[1], "chunk");
        var size = call.Int(0);
        if (size == 0 || (size < 0 && list.Count > 1 - size))
        {
            throw new FunctionException("runtime error: makeslice: len out of range");
        }

        call.Budget.AllocateItems(list.Count);
        var chunks = size < 0 ? [] : list.Items.Chunk((int)Math.Min(size, int.MaxValue)).Select(GoValue (items) => GoList.OfAny(items));
        return new GoList(GoType.AnyListList, [.. chunks]);
    }

    private static GoList Concat(Call call)
    {
        var items = new List<GoValue>();
        foreach (var value in call.All)
        {
            call.Budget.AllocateItems((value as GoList)?.Count ?? 0);
            items.AddRange(value switch
            {
                GoList list => list.Items,
                GoNil => throw NilPointer(),
                _ => throw new FunctionException($"Cannot concat type {GoKinds.Name(value)} as list"),
            });
        }

        return items.Count == 0 ? GoList.NilOf(GoType.AnyList) : New(call, items);
    }
}
