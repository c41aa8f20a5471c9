namespace GitOpsSecrets.Providers.Declared;

/// <summary>One request, and what is taken from its answer.</summary>
internal sealed record StepRule
{
    /// <summary>The name under which it is counted, and told of in messages.</summary>
    public required string Operation { get; init; }

    public required HttpMethod Method { get; init; }

    public required TextPattern Path { get; init; }

    /// <summary>Null: the definition's.</summary>
    public TextPattern? Server { get; init; }

    public IReadOnlyList<NamedPattern> Query { get; init; } = [];

    public IReadOnlyList<NamedPattern> Headers { get; init; } = [];

    public JsonPart? Json { get; init; }

    public IReadOnlyList<NamedPattern>? Form { get; init; }

    public TextPattern? Text { get; init; }

    /// <summary>A file of a form; null for none.</summary>
    public FileBody? File { get; init; }

    /// <summary>Whether a request that is no GET only reads, so that it may be sent twice.</summary>
    public bool OnlyReads { get; init; }

    public required ConditionRule Condition { get; init; }

    /// <summary>What is encrypted for the store before the request is made; null for nothing.</summary>
    public SealRule? Seal { get; init; }

    /// <summary>What of an answer is decrypted before it is read; null for nothing.</summary>
    public DecryptRule? Decrypt { get; init; }

    /// <summary>Files that lie elsewhere, fetched after what is taken was taken; null for none.</summary>
    public FilesRule? Files { get; init; }

    public IReadOnlyList<MissingRule> Missing { get; init; } = [];

    /// <summary>Whether the steps after it go on where it finds nothing, which is then one place among several.</summary>
    public bool GoesOn { get; init; }

    /// <summary>What in an answer says that it is a failure, though its status does not.</summary>
    public IReadOnlyList<FailedRule> Failed { get; init; } = [];

    public IReadOnlyList<TakeRule> Takes { get; init; } = [];

    /// <summary>Whether a variable goes where only text can: what is none in it becomes U+FFFD.</summary>
    public bool HasAsText(string name) => Json?.HasAsText(name) == true || Query.Concat(Headers).Concat(Form ?? []).Any(pair => pair.Text.HasAsText(name));

    public IEnumerable<string> Names =>
    [
        .. Condition.Names, .. Path.Names, .. Server?.Names ?? [], .. Text?.Names ?? [], .. Json?.Names ?? [], .. File?.Value.Names ?? [],
        .. Query.Concat(Headers).Concat(Form ?? []).SelectMany(pair => pair.Text.Names),
        .. Missing.Concat(Failed.Select(rule => rule.Sign)).SelectMany(rule => rule.Names), .. Takes.SelectMany(take => (IEnumerable<string>)[.. take.Path?.Names ?? [], .. take.Sets.SelectMany(set => set.Text.Names)]),
    ];
}
