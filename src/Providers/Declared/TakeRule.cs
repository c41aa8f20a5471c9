using GitOpsSecrets.Providers.Json;

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

    /// <summary>In an element of the list, where the text is; null for the element itself.</summary>
    public string? Each { get; init; }

    /// <summary>In an element of the list, a text: they are put in the order of its length, the shortest first. Null leaves them as they stand.</summary>
    public string? Shortest { get; init; }

    /// <summary>Of a JSON object, members that are given other values, by their paths.</summary>
    public IReadOnlyList<NamedPattern> Sets { get; init; } = [];

    /// <summary>The texts of a list; an element that has none is left out.</summary>
    public IReadOnlyList<byte[]> TextsOf(FoundValue list)
    {
        var elements = JsonParts.ElementsOf(list.Piece.Raw);
        if (Shortest is { } path) elements = [.. elements.OrderBy(element => TextAt(element, path)?.Length ?? 0)];
        return [.. elements.Select(element => Each is null ? element.ToText() : TextAt(element, Each)).OfType<byte[]>()];
    }

    private static byte[]? TextAt(JsonPiece element, string path)
    {
        using var found = FoundValue.In(element.Raw, path);
        return found is null or { IsNull: true } ? null : found.ToBytes();
    }
}
