namespace GitOpsSecrets.GoTemplate.Values;

/// <summary>Go's nil of type <c>interface {}</c>.</summary>
public sealed class GoNil : GoValue
{
    private GoNil()
    {
    }

    public static GoNil Value { get; } = new();

    /// <summary>The literal nil and what is no value at all: the same to all but a few messages.</summary>
    public static GoNil Untyped { get; } = new();

    public override GoType Type => GoType.Any;

    public override bool IsTrue => false;
}
