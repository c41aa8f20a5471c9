using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>How it went.</summary>
public sealed record ExternalSecretStatus
{
    /// <summary>When the values were fetched last: RFC 3339, whole seconds.</summary>
    [Schema(Format = "date-time", Nullable = true)]
    public string? RefreshTime { get; init; }

    /// <summary>When the values are made anew at the latest, since what a generator made ends: RFC 3339, whole seconds.</summary>
    [Schema(Format = "date-time", Nullable = true)]
    public string? RenewTime { get; init; }

    /// <summary>Generation and hash of labels and annotations of what was fetched last.</summary>
    public string? SyncedResourceVersion { get; init; }

    public IReadOnlyList<Condition>? Conditions { get; init; }

    /// <summary>The Secret that was written, for servicebinding.io.</summary>
    public SecretBinding? Binding { get; init; }

    /// <summary>The generation that the conditions speak of.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>What the Secret was made from, and what it was then, as hashes: by these a restart knows that nothing changed.</summary>
    public string? ObservedHash { get; init; }
}
