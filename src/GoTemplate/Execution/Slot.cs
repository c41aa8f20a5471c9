using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Execution;

/// <summary>
/// A value with its static type, as Go's reflect.Value has it: what comes out of a <c>map[string]interface {}</c> has the
/// static type <c>interface {}</c> whatever it holds, and messages say so. The default is Go's invalid value: nothing at all.
/// </summary>
internal readonly struct Slot
{
    private readonly GoValue? value;

    private Slot(GoValue? value, bool isInterface)
    {
        this.value = value;
        IsInterface = isInterface;
    }

    public static Slot Invalid => default;

    public bool IsValid => value is not null;

    public bool IsInterface { get; }

    /// <summary>The value, nil for an invalid one.</summary>
    public GoValue Value => value ?? GoNil.Untyped;

    /// <summary>The static type; not to be asked of an invalid value.</summary>
    public GoType Type => IsInterface ? GoType.Any : Value.Type;

    public static Slot Of(GoValue value) => new(value, value is GoNil);

    public static Slot OfElement(GoValue value, GoType container) => new(value, container.Element == GoType.Any);

    /// <summary>The value inside an interface; invalid if that is nil.</summary>
    public Slot Unwrap() => !IsInterface ? this : value is GoNil ? Invalid : new(value, false);
}
