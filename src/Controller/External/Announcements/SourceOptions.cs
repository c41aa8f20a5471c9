namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>Somebody who may tell of changes. Exactly one of the three proofs is there.</summary>
internal sealed record SourceOptions
{
    /// <summary>The last part of its address.</summary>
    public required string Name { get; init; }

    public required SourceShape Shape { get; init; }

    /// <summary>Of which namespaces its events refresh ExternalSecrets; empty for all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Files of keys that requests are signed with.</summary>
    public IReadOnlyList<string> KeyFiles { get; init; } = [];

    /// <summary>Files of bearer tokens.</summary>
    public IReadOnlyList<string> TokenFiles { get; init; } = [];

    /// <summary>Whose tokens of Google are accepted.</summary>
    public GoogleCaller? Google { get; init; }
}
