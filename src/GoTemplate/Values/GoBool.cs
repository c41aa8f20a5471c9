namespace GitOpsSecrets.GoTemplate.Values;

public sealed class GoBool : GoValue
{
    private readonly bool value;

    private GoBool(bool value) => this.value = value;

    public static GoBool True { get; } = new(true);

    public static GoBool False { get; } = new(false);

    public override GoType Type => GoType.Bool;

    public override bool IsTrue => value;

    public static GoBool Of(bool value) => value ? True : False;
}
