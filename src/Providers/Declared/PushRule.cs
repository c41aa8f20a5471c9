namespace GitOpsSecrets.Providers.Declared;

/// <summary>How a store is written.</summary>
internal sealed record PushRule
{
    /// <summary>A variable that is always there: <see cref="Write"/> while something is pushed, <see cref="Look"/> while it is looked for or removed.</summary>
    public const string Purpose = "push.does";

    public const string Write = "write";

    public const string Look = "look";

    /// <summary>The variable that holds what is written; it may be empty.</summary>
    public const string Value = "push.value";

    /// <summary>Before the names of <see cref="Metadata"/>.</summary>
    public const string MetadataPrefix = "meta.";

    public PushForm Form { get; init; }

    /// <summary>Whether the store keeps text only.</summary>
    public bool IsText { get; init; }

    /// <summary>Variables of the entry's <c>metadata</c>, by their paths in it.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The only properties that can be pushed, beside none; null where the steps decide.</summary>
    public IReadOnlyList<string>? Properties { get; init; }

    /// <summary>Look for what is there: a step that says "missing" says that nothing is.</summary>
    public required IReadOnlyList<LookupRule> Lookups { get; init; }

    /// <summary>In the last answer of the lookup, where the value is that would be overwritten; null where it does not say.</summary>
    public TextPattern? Current { get; init; }

    /// <summary>Whether <see cref="Current"/> is base64.</summary>
    public bool IsBase64 { get; init; }

    /// <summary>Variables that are wished, where they are, and those that hold what is there: what is there is the same only where these are, too.</summary>
    public IReadOnlyDictionary<string, string> CurrentWith { get; init; } = new Dictionary<string, string>();

    /// <summary>What is kept beside the value, and compared in its place; null where <see cref="Current"/> is the value.</summary>
    public ChecksumRule? Checksum { get; init; }

    /// <summary>A variable of the lookup without which nothing is there that could be removed; null where the lookup says all.</summary>
    public string? Present { get; init; }

    /// <summary>A variable of the lookup without which what is there is not ours to remove; null where all is.</summary>
    public string? Own { get; init; }

    /// <summary>Said where nothing is there, of a store that can only be written over; null where <see cref="Create"/> makes it.</summary>
    public string? MustExist { get; init; }

    /// <summary>Said where the steps have nothing to write for what was found.</summary>
    public string? Otherwise { get; init; }

    /// <summary>Steps where nothing is there.</summary>
    public IReadOnlyList<StepRule> Create { get; init; } = [];

    /// <summary>Steps where something is.</summary>
    public required IReadOnlyList<StepRule> Update { get; init; }

    /// <summary>Steps that remove what is there.</summary>
    public required IReadOnlyList<StepRule> Delete { get; init; }

    /// <summary>Whether a property has a meaning to this store.</summary>
    public bool UsesProperty => Form != PushForm.Text || Properties is not null || Names.Contains("ref.property");

    public IEnumerable<string> Names => Lookups.SelectMany(lookup => lookup.Names).Concat(Create.Concat(Update).Concat(Delete).SelectMany(step => step.Names));
}
