namespace GitOpsSecrets.Providers.Declared;

/// <summary>One list to search through. Where several hold a name, the later one counts.</summary>
internal sealed record FindRule(ConditionRule Condition, EachRule? Each, IReadOnlyList<StepRule> Steps, StepRule List)
{
    /// <summary>The variable with the folder of a tree that is listed; empty for the root.</summary>
    public const string Folder = "find.folder";

    /// <summary>Steps that come once, before those for each element of a list.</summary>
    public IReadOnlyList<StepRule> Before { get; init; } = [];

    /// <summary>Where the elements are; null where the body is taken whole.</summary>
    public string? Items { get; init; }

    /// <summary>The name under which the whole body is found; null where it is a list.</summary>
    public string? BodyAs { get; init; }

    /// <summary>In an element, where its full name is; null when the list is an object of names and values.</summary>
    public string? Name { get; init; }

    /// <summary>In an element, what is searched for in place of its name; null for that.</summary>
    public string? Matched { get; init; }

    /// <summary>Under which an element is found: its members are known, and its name; null for its name.</summary>
    public TextPattern? FoundAs { get; init; }

    /// <summary>Taken from the start of names, which the store has more of than its users write.</summary>
    public TextPattern? Strip { get; init; }

    /// <summary>In an element, where its value is; null when it is to be fetched.</summary>
    public string? Value { get; init; }

    public bool IsBase64 { get; init; }

    /// <summary>What an element is fetched by: its members are known, and its name.</summary>
    public TextPattern? Key { get; init; }

    /// <summary>How an element is asked for whose members are what is found; null where it is found itself.</summary>
    public MembersRule? Members { get; init; }

    /// <summary>Whether the list is of one folder, <see cref="Folder"/>, from <c>find.path</c> on: elements that end with a slash are folders in it, and names are whole paths.</summary>
    public bool IsTree { get; init; }

    /// <summary>In an element, where its tags are: a list of names, or of objects with name and value, or an object; null when this store cannot be searched by tags.</summary>
    public string? Tags { get; init; }

    /// <summary>Whether the values of the tags that are asked for are such names, any of which is enough, and their keys say nothing.</summary>
    public bool TagsAreValues { get; init; }

    /// <summary>Whether one of the tags that are asked for is enough.</summary>
    public bool AnyTag { get; init; }

    /// <summary>Tags that the store understands itself: their values are known as <c>find.tag.NAME</c>, and no others may be asked for.</summary>
    public IReadOnlyList<string> TagNames { get; init; } = [];

    /// <summary>Elements count only where this path leads to one of <see cref="KeepValues"/>.</summary>
    public string? KeepPath { get; init; }

    public IReadOnlyList<TextPattern> KeepValues { get; init; } = [];

    /// <summary>Elements where this path leads to one of <see cref="YieldValues"/> count only where no other of the list has their name.</summary>
    public string? YieldPath { get; init; }

    public IReadOnlyList<string> YieldValues { get; init; } = [];

    /// <summary>Whether such an element yields to whatever was found before it, in other lists too.</summary>
    public bool YieldsToAll { get; init; }

    public PagingRule? Paging { get; init; }

    /// <summary>Whether <c>find.path</c> is the start of names; otherwise the requests have to use it.</summary>
    public bool PathIsPrefix { get; init; }

    /// <summary>Whether <c>find.path</c> is a folder that names are in: it gets the slashes it lacks at its start and its end.</summary>
    public bool PathIsFolder { get; init; }

    /// <summary>In an element, what must start with <c>find.path</c>.</summary>
    public string? PathAt { get; init; }

    public bool UsesPath => PathIsPrefix || PathIsFolder || IsTree || PathAt is not null || Names.Contains("find.path");

    public IEnumerable<string> Names =>
        [.. Condition.Names, .. Before.Concat(Steps).SelectMany(step => step.Names), .. List.Names, .. Strip?.Names ?? [], .. KeepValues.SelectMany(value => value.Names)];
}
