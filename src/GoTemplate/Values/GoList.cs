namespace GitOpsSecrets.GoTemplate.Values;

/// <summary>A Go slice. <see cref="IsNilSlice"/> is Go's nil slice: empty, but <c>null</c> in JSON and equal to nil.</summary>
public sealed class GoList(GoType type, IReadOnlyList<GoValue> items) : GoValue
{
    public IReadOnlyList<GoValue> Items => items;

    public int Count => items.Count;

    public bool IsNilSlice { get; private init; }

    public override GoType Type => type;

    public override bool IsTrue => items.Count > 0;

    public static GoList NilOf(GoType type) => new(type, []) { IsNilSlice = true };

    public static GoList OfAny(IReadOnlyList<GoValue> items) => new(GoType.AnyList, items);

    public static GoList OfStrings(IEnumerable<GoString> items) => new(GoType.StringList, [.. items]);
}
