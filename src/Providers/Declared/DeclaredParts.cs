namespace GitOpsSecrets.Providers.Declared;

/// <summary>All that a source of a definition is made of.</summary>
internal sealed record DeclaredParts(Definition Definition, DeclaredSession Session, DeclaredSteps Steps, Variables Inputs)
{
    public DeclaredReads Reads { get; } = new(Definition, Steps, Inputs);
}
