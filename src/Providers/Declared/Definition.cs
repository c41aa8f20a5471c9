namespace GitOpsSecrets.Providers.Declared;

/// <summary>
/// A kind of store as data: which fields it has, how to log in, what to ask, and what the answers mean. Read by <see cref="DefinitionReader"/>,
/// checked whole when it is read, and never changed.
/// </summary>
internal sealed record Definition
{
    /// <summary>Of a built-in one, the member of <c>spec.provider</c>; of an operator's, what <c>spec.provider.declared.definition</c> says.</summary>
    public required string Name { get; init; }

    /// <summary>What it is called in messages and metrics.</summary>
    public required string Title { get; init; }

    public StoreCapability Capability => (Reads.Count, Push) switch
    {
        (0, _) => StoreCapability.WriteOnly,
        (_, null) => StoreCapability.ReadOnly,
        _ => StoreCapability.ReadWrite,
    };

    public required TextPattern Server { get; init; }

    /// <summary>A variable of the process's environment that replaces the server's address, and those of steps that go elsewhere; null for none.</summary>
    public string? ServerVariable { get; init; }

    public required IReadOnlyList<InputRule> Inputs { get; init; }

    /// <summary>With every request; those whose variables a login gives are left out while logging in.</summary>
    public IReadOnlyList<NamedPattern> Headers { get; init; } = [];

    /// <summary>How requests are signed; null for not at all.</summary>
    public SignatureRule? Signature { get; init; }

    public IReadOnlyList<LoginRule> Logins { get; init; } = [];

    public IReadOnlyList<AttemptRule> Reads { get; init; } = [];

    public IReadOnlyList<FindRule> Finds { get; init; } = [];

    public PushRule? Push { get; init; }

    /// <summary>Requests that cost nothing and show whether the store would answer: the first whose condition holds is sent.</summary>
    public IReadOnlyList<StepRule> Validate { get; init; } = [];

    /// <summary>The input with the PEM of the server's authorities, where the vendor's field is not <c>caProvider</c> as elsewhere; null for that.</summary>
    public string? Authority { get; init; }

    /// <summary>An object of the store's with another <c>caBundle</c> and <c>caProvider</c>, which come first; null for none.</summary>
    public string? AuthorityAt { get; init; }

    /// <summary>Fields whose presence asks for something that is not there, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Unsupported { get; init; } = new Dictionary<string, string>();

    /// <summary>In the body of a failure, where the store's own reason is; null where it may repeat what was sent.</summary>
    public string? Reason { get; init; }

    /// <summary>The input that says how many seconds a call may take; null for none.</summary>
    public string? Timeout { get; init; }

    /// <summary>Inputs with the PEM of a client certificate and its key; null for none.</summary>
    public (string Certificate, string Key)? ClientCertificate { get; init; }

    /// <summary>The input with the character that divides keys in place of a slash; null for none.</summary>
    public string? KeySeparator { get; init; }

    /// <summary>Said of a key that no attempt knows the form of.</summary>
    public string? KeyHint { get; init; }

    public bool UsesVersion => Reads.SelectMany(read => read.Names).Contains("ref.version");

    /// <summary>Whether the metadata of a secret, where it is wanted, is given.</summary>
    public bool UsesMetadata => Reads.SelectMany(read => read.Names).Contains("ref.metadata");

    /// <summary>Whether the store is asked something else for this property.</summary>
    public bool UsesProperty(string? property) =>
        !string.IsNullOrEmpty(property) && (Reads.Any(read => read.Property?.Match(property, new Variables()) == true) || Reads.SelectMany(read => read.Names).Contains("ref.property"));

    public override string ToString() => Name;
}
