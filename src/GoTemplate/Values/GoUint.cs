namespace GitOpsSecrets.GoTemplate.Values;

/// <summary>A value of any unsigned integer type.</summary>
public sealed class GoUint(GoType type, ulong value) : GoValue
{
    public ulong Value => value;

    public override GoType Type => type;

    public override bool IsTrue => value != 0;
}
