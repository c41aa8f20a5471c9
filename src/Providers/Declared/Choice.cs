namespace GitOpsSecrets.Providers.Declared;

/// <summary>What a variable may be, or may not.</summary>
/// <param name="Texts">One of these; null for an element of <paramref name="List"/>.</param>
/// <param name="List">A variable that is a list.</param>
internal sealed record Choice(IReadOnlyList<string>? Texts, string? List)
{
    public IEnumerable<string> Names => List is null ? [] : [List];

    public bool Has(Variables variables, string name) => Texts is not null
        ? Texts.Any(text => variables.Equal(name, text))
        : variables.Find(name) is { } value && variables.List(List!).Any(element => element.AsSpan().SequenceEqual(value));
}
