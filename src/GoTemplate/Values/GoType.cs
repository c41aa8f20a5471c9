namespace GitOpsSecrets.GoTemplate.Values;

/// <summary>
/// A Go type. Templates see types in messages, in <c>typeOf</c>, in <c>%T</c>, in comparisons and in what a parameter accepts,
/// so <c>map[string]string</c> and <c>map[string]interface {}</c> are different things here as they are in Go.
/// Types are equal when they are the same instance.
/// </summary>
public sealed class GoType
{
    private GoType(string name, GoKind kind, GoType? element = null)
    {
        Name = name;
        Kind = kind;
        Element = element;
    }

    public string Name { get; }

    public GoKind Kind { get; }

    /// <summary>The type of a list's or map's elements.</summary>
    public GoType? Element { get; }

    public static GoType Any { get; } = new("interface {}", GoKind.Interface);
    public static GoType Bool { get; } = new("bool", GoKind.Bool);
    public static GoType Int { get; } = new("int", GoKind.Int);
    public static GoType Int32 { get; } = new("int32", GoKind.Int32);
    public static GoType Int64 { get; } = new("int64", GoKind.Int64);
    public static GoType Uint8 { get; } = new("uint8", GoKind.Uint8);
    public static GoType Uint32 { get; } = new("uint32", GoKind.Uint32);
    public static GoType Uint64 { get; } = new("uint64", GoKind.Uint64);
    public static GoType Float64 { get; } = new("float64", GoKind.Float64);
    public static GoType Complex128 { get; } = new("complex128", GoKind.Complex128);
    public static GoType String { get; } = new("string", GoKind.String);
    public static GoType AnyList { get; } = new("[]interface {}", GoKind.Slice, Any);
    public static GoType AnyListList { get; } = new("[][]interface {}", GoKind.Slice, AnyList);
    public static GoType StringList { get; } = new("[]string", GoKind.Slice, String);
    public static GoType IntList { get; } = new("[]int", GoKind.Slice, Int);
    public static GoType Bytes { get; } = new("[]uint8", GoKind.Slice, Uint8);
    public static GoType AnyMap { get; } = new("map[string]interface {}", GoKind.Map, Any);
    public static GoType StringMap { get; } = new("map[string]string", GoKind.Map, String);
    public static GoType StringMapMap { get; } = new("map[string]map[string]string", GoKind.Map, StringMap);
    public static GoType Time { get; } = new("time.Time", GoKind.Struct);
    public static GoType Duration { get; } = new("time.Duration", GoKind.Int64);
    public static GoType Month { get; } = new("time.Month", GoKind.Int);
    public static GoType Weekday { get; } = new("time.Weekday", GoKind.Int);
    public static GoType Location { get; } = new("*time.Location", GoKind.Pointer);
    public static GoType Version { get; } = new("*semver.Version", GoKind.Pointer);
    public static GoType VersionStruct { get; } = new("semver.Version", GoKind.Struct);
    public static GoType Certificate { get; } = new("sprig.certificate", GoKind.Struct);
    public static GoType HashAlgorithm { get; } = new("sprig.HashAlgorithm", GoKind.String);

    /// <summary>The parameter type of built-ins that take a value together with its static type.</summary>
    internal static GoType ReflectValue { get; } = new("reflect.Value", GoKind.Struct);

    /// <summary>Whether nil is a value of this type.</summary>
    public bool CanBeNil => Kind is GoKind.Interface or GoKind.Map or GoKind.Pointer or GoKind.Slice || this == ReflectValue;

    public bool IsSigned => Kind is >= GoKind.Int and <= GoKind.Int64;

    public bool IsUnsigned => Kind is >= GoKind.Uint and <= GoKind.Uint64;

    public override string ToString() => Name;
}
