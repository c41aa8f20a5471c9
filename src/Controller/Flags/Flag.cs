namespace GitOpsSecrets.Controller.Flags;

/// <summary>One setting: its name on the command line (<c>--name</c>) and, upper-cased with <c>_</c>, in the environment.</summary>
/// <param name="Name">Without dashes in front.</param>
/// <param name="Default">As text, for the help; <c>""</c> is not shown.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Apply">Takes the text; returns what is wrong with it, or <c>null</c>.</param>
internal sealed record Flag(string Name, string Default, string Help, Func<string, string?> Apply)
{
    public const string EnvironmentPrefix = "SEALED_SECRETS_";

    /// <summary>May stand alone, meaning <c>true</c>; then a following word is not its value.</summary>
    public bool IsSwitch { get; init; }

    /// <summary>What the value is in Go when it cannot be read: of a number, a duration and a switch; <c>null</c> for a text, which always can.</summary>
    public string? Zero { get; init; }

    /// <summary>A value that cannot be used stops nobody (<see cref="OriginalFlags"/>).</summary>
    public bool IsForgiven { get; init; }

    /// <summary>Still accepted, no longer shown: what to use instead.</summary>
    public string? Deprecated { get; init; }

    public string EnvironmentName => EnvironmentPrefix + Name.Replace('-', '_').ToUpperInvariant();
}
