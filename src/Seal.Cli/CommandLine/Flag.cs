namespace GitOpsSecrets.Seal.Cli.CommandLine;

/// <summary>One flag: how it is spelled, what it takes, and what the help says of it.</summary>
/// <param name="Name">Without the dashes.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Help">One sentence, lower case, no full stop.</param>
internal sealed record Flag(string Name, FlagKind Kind, string Help)
{
    /// <summary>The one-letter form, or <c>null</c>.</summary>
    public char? Letter { get; init; }

    /// <summary>What holds when it is not given; a toggle's is <c>true</c> or empty.</summary>
    public string Default { get; init; } = "";

    /// <summary>The word that stands for the value in the help.</summary>
    public string Value { get; init; } = "";

    /// <summary>The only values it takes; <c>null</c> for any.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Whether <c>SEALED_SECRETS_…</c> sets it too.</summary>
    public bool FromEnvironment { get; init; } = true;

    /// <summary>Accepted but not listed in the help: kept for scripts that were written for the original.</summary>
    public bool Hidden { get; init; }

    /// <summary>Another name that it is known by, as other commands call the same thing; <c>null</c> for none.</summary>
    public string? Alias { get; init; }

    /// <summary>The flag to use instead, if this one is on its way out.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>The variable's name, <c>SEALED_SECRETS_CONTROLLER_NAME</c> for <c>controller-name</c>.</summary>
    public string EnvironmentName => "SEALED_SECRETS_" + Name.Replace('-', '_').ToUpperInvariant();
}
