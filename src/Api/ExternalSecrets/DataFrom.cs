namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>A set of keys and values: all members of one value, all values that match, or what a generator makes.</summary>
public sealed record DataFrom
{
    /// <summary>All members of one value that is an object.</summary>
    public RemoteRef? Extract { get; init; }

    /// <summary>All values that match.</summary>
    public FindSource? Find { get; init; }

    /// <summary>Changes of the keys, one after the other.</summary>
    public IReadOnlyList<Rewrite>? Rewrite { get; init; }

    public SourceRef? SourceRef { get; init; }
}
