namespace GitOpsSecrets.Providers.Declared;

/// <summary>A variable that is sealed for the store before it is sent (<see cref="SealedBox"/>).</summary>
/// <param name="As">The variable that holds the box, in base64.</param>
/// <param name="Value">What is sealed.</param>
/// <param name="Key">The store's public key, in base64.</param>
internal sealed record SealRule(string As, string Value, string Key)
{
    public static SealRule? Read(DefinitionFields step)
    {
        if (step.Object("seal") is not { } fields) return null;
        var rule = new SealRule(fields.Need("as"), fields.Need("value"), fields.Need("key"));
        fields.Done();
        return rule;
    }

    public void Apply(Variables variables)
    {
        var key = DeclaredResult.Decode([.. variables.Need(Key)]);
        variables.Set(As, Convert.ToBase64String(SealedBox.Seal(key, variables.Need(Value))));
    }
}
