namespace GitOpsSecrets.GoTemplate.Values;

/// <summary>
/// A Go map with string keys. Unlike the other values it can change (<c>set</c>, <c>unset</c>, <c>merge</c>),
/// and every variable that holds it sees the change.
/// </summary>
public sealed class GoMap(GoType type, Dictionary<GoString, GoValue> entries) : GoValue
{
    public Dictionary<GoString, GoValue> Entries => entries;

    public bool IsNilMap { get; private init; }

    public override GoType Type => type;

    public override bool IsTrue => entries.Count > 0;

    public static GoMap OfAny() => new(GoType.AnyMap, []);

    public static GoMap NilOf(GoType type) => new(type, []) { IsNilMap = true };

    /// <summary>The shape External Secrets and SealedSecrets give their templates: <c>map[string]string</c> of raw secret values.</summary>
    public static GoMap OfSecrets(IEnumerable<KeyValuePair<string, byte[]>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var entries = new Dictionary<GoString, GoValue>();
        foreach (var (key, value) in values)
        {
            entries[GoString.Of(key)] = new GoString(value);
        }

        return new GoMap(GoType.StringMap, entries);
    }

    /// <summary>The entries by the byte order of their keys: the order Go ranges and prints in.</summary>
    public IEnumerable<KeyValuePair<GoString, GoValue>> Sorted() => entries.OrderBy(entry => entry.Key);

    /// <summary>The zero value of the element type: what Go's index gives for a missing key.</summary>
    public GoValue ZeroElement()
    {
        if (type.Element == GoType.String)
        {
            return GoString.Empty;
        }

        return type.Element == GoType.StringMap ? new GoMap(GoType.StringMap, []) : GoNil.Value;
    }
}
