namespace GitOpsSecrets.Providers.Declared;

/// <summary>One input of a definition: which field of the store it is, and what may stand there.</summary>
/// <param name="Name">The variable.</param>
/// <param name="Field">The field, such as <c>auth.secretRef.token</c>.</param>
internal sealed record InputRule(string Name, InputKind Kind, string Field)
{
    public bool IsRequired { get; init; }

    /// <summary>What it is when the field is absent.</summary>
    public string? Default { get; init; }

    /// <summary>Whether its letters' case does not matter; the variable has capitals.</summary>
    public bool IsUpper { get; init; }

    /// <summary>All that a text may be; empty where anything goes.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>What an address may end with and need not: it is taken off, with the slash before the end.</summary>
    public string? Without { get; init; }

    /// <summary>Of a reference to a Secret, the key where it names none; null where it must.</summary>
    public string? DefaultKey { get; init; }

    /// <summary>Of a reference to a Secret that names none, or names it in vain, the key; null for the one that it names.</summary>
    public string? Key { get; init; }

    /// <summary>Of JSON, further variables, by where they are in it; each must be there.</summary>
    public IReadOnlyDictionary<string, string> Parts { get; init; } = new Dictionary<string, string>();

    /// <summary>Of a service account's token; what the reference names comes first.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>How long a service account's token lives, where the field that <see cref="LifetimeField"/> names is absent.</summary>
    public int Seconds { get; init; } = 600;

    /// <summary>A field with the lifetime in seconds; null for none.</summary>
    public string? LifetimeField { get; init; }
}
