namespace GitOpsSecrets.GoTemplate.Values;

public sealed class GoFloat(double value) : GoValue
{
    public double Value => value;

    public override GoType Type => GoType.Float64;

    public override bool IsTrue => value != 0;
}
