namespace GitOpsSecrets.GoTemplate.Values;

public sealed class GoComplex(double real, double imaginary) : GoValue
{
    public double Real => real;

    public double Imaginary => imaginary;

    public override GoType Type => GoType.Complex128;

    public override bool IsTrue => real != 0 || imaginary != 0;
}
