namespace GitOpsSecrets.Providers.Declared;

/// <summary>A variable that an answer gives to the steps after it. Exactly one of path, header and the whole body.</summary>
internal sealed record TakeRule(string Name)
{
    public TextPattern? Path { get; init; }

    public string? Header { get; init; }

    /// <summary>A header that is there several times is joined by this; null takes the first.</summary>
    public string? Join { get; init; }

    /// <summary>Of a header, what stands before this text counts.</summary>
    public string? Until { get; init; }

    /// <summary>Whether its absence is no failure.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether it is a list of texts.</summary>
    public bool IsList { get; init; }

    /// <summary>Of a JSON object, members that are given other values, by their paths.</summary>
    public IReadOnlyList<NamedPattern> Sets { get; init; } = [];
}
