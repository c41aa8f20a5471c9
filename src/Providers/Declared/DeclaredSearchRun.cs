using GitOpsSecrets.GoTemplate.RegularExpressions;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>One search through one list: what is wanted of its elements.</summary>
internal sealed record DeclaredSearchRun(FindRule Find, FindRequest Request, Re2? Pattern, Variables Scope)
{
    /// <summary>The names of elements that others yield to.</summary>
    private HashSet<string> First { get; } = new(StringComparer.Ordinal);

    /// <summary>The variable that holds the value of a tag that the store understands itself.</summary>
    public static string TagVariable(string tag) => "find.tag." + tag;

    /// <summary>The path that is searched in, as this store writes it.</summary>
    public static string? PathOf(FindRule find, FindRequest request) => request.Path switch
    {
        null or "" => null,
        var path when find.PathIsFolder => (path.StartsWith('/') ? "" : "/") + path + (path.EndsWith('/') ? "" : "/"),
        var path => path,
    };

    /// <summary>The full name; null where the element has none.</summary>
    public string? NameOf(JsonPiece element)
    {
        if (FoundValue.TextIn(element.Raw, Find.Name!) is not { } text) return null;
        var start = Find.Strip?.Text(Scope) ?? "";
        return text.StartsWith(start, StringComparison.Ordinal) ? text[start.Length..] : text;
    }

    public bool Wants(string name) =>
        (Pattern is null || Pattern.IsMatch(name)) && (!(Find.PathIsPrefix || Find.PathIsFolder) || name.StartsWith(PathOf(Find, Request) ?? "", StringComparison.Ordinal));

    public bool IsBelow(JsonPiece element)
    {
        if (Find.PathAt is null || string.IsNullOrEmpty(Request.Path)) return true;
        using var found = FoundValue.In(element.Raw, Find.PathAt);
        return found is { IsNull: false } && found.Text.StartsWith(Request.Path, StringComparison.Ordinal);
    }

    /// <summary>Whether another has this name and comes first; where not, it is known from now on who has it.</summary>
    /// <param name="found">What was found before.</param>
    public bool Yields(JsonPiece element, string name, SecretValues found)
    {
        if (Find.YieldPath is null) return false;
        if (Find.YieldValues.Contains(TextAt(element, Find.YieldPath))) return Find.YieldsToAll ? found.Contains(name) : First.Contains(name);
        First.Add(name);
        return false;
    }

    public bool Keeps(JsonPiece element)
    {
        if (Find.KeepPath is null) return true;
        var text = TextAt(element, Find.KeepPath);
        return Find.KeepValues.Any(value => value.IsComplete(Scope) && value.Text(Scope) == text);
    }

    public bool HasTags(JsonPiece element)
    {
        if (Request.Tags.Count == 0 || Find.TagNames.Count > 0 || Find.Members?.Tags is not null) return true;
        if (Find.Tags is null) return false;
        using var tags = FoundValue.In(element.Raw, Find.Tags);
        return HasTags(tags);
    }

    /// <summary>Whether all that are asked for are among these.</summary>
    public bool HasTags(FoundValue? tags)
    {
        return tags switch
        {
            { IsList: true } when Find.TagsAreValues => JsonParts.ElementsOf(tags.Piece.Raw).Exists(item => Request.Tags.Values.Any(value => Is(item, value))),
            { IsList: true } => JsonParts.ElementsOf(tags.Piece.Raw) is var list && Request.Tags.All(tag => list.Exists(item => IsTag(item, tag.Key, tag.Value))),
            { IsObject: true } => JsonObjectText.Read(tags.Piece.Raw) is { } map && (Find.AnyTag ? Request.Tags.Any(tag => Is(map, tag.Key, tag.Value)) : Request.Tags.All(tag => Is(map, tag.Key, tag.Value))),
            _ => false,
        };
    }

    /// <summary>Whether an element that is found by itself is wanted.</summary>
    public bool Wants(JsonPiece element, string name) => Wants(Find.Matched is null ? name : TextAt(element, Find.Matched));

    public string FoundNameOf(JsonPiece element, string name)
    {
        if (Find.FoundAs is null) return name;
        using var parts = PartsOf(element, name);
        return Find.FoundAs.Text(parts);
    }

    public string KeyOf(JsonPiece element, string name)
    {
        using var parts = PartsOf(element, name);
        return Find.Key!.Text(parts);
    }

    /// <summary>What an element says, and its name; the caller's to dispose.</summary>
    public Variables PartsOf(JsonPiece element, string name)
    {
        var parts = new Variables(Scope);
        foreach (var member in JsonParts.MembersOf(element.Raw)) parts.Set(System.Text.Encoding.UTF8.GetString(member.Name()), member.Value.ToText());
        parts.Set("name", name);
        parts.Set("name.folder", FolderOf(name));
        parts.Set("name.last", LastOf(name));
        return parts;
    }

    /// <summary>What stands behind the last slash of a name.</summary>
    public static string LastOf(string name) => name[(name.LastIndexOf('/') + 1)..];

    /// <summary>Empty for what is not there.</summary>
    private static string TextAt(JsonPiece element, string path) => FoundValue.TextIn(element.Raw, path) ?? "";

    private static string FolderOf(string name) => name[..Math.Max(0, name.LastIndexOf('/'))];

    private static bool IsTag(JsonPiece item, string key, string value)
    {
        if (item.Kind != JsonKind.Object) return Is(item, key) || Is(item, $"{key}={value}");
        using var name = FoundValue.In(item.Raw, "name");
        using var found = FoundValue.In(item.Raw, "value");
        return name?.Text == key && found?.Text == value;
    }

    private static bool Is(SecretValues tags, string key, string value) => tags.Find(key) is { } found && found.AsSpan().SequenceEqual(System.Text.Encoding.UTF8.GetBytes(value));

    private static bool Is(JsonPiece item, string text) => item.ToText().AsSpan().SequenceEqual(System.Text.Encoding.UTF8.GetBytes(text));
}
