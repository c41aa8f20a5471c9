using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>How it went.</summary>
public sealed record PushSecretStatus
{
    /// <summary>When it was pushed last: RFC 3339, whole seconds.</summary>
    [Schema(Format = "date-time", Nullable = true)]
    public string? RefreshTime { get; init; }

    /// <summary>When it is pushed anew at the latest, since what its generator made ends: RFC 3339, whole seconds.</summary>
    [Schema(Format = "date-time", Nullable = true)]
    public string? RenewTime { get; init; }

    /// <summary>Generation and hash of labels and annotations of what was pushed last.</summary>
    public string? SyncedResourceVersion { get; init; }

    /// <summary>What lies at the providers: kind/name of the store, then remoteKey or remoteKey/property.</summary>
    public SortedDictionary<string, SortedDictionary<string, PushSecretData>>? SyncedPushSecrets { get; init; }

    public IReadOnlyList<Condition>? Conditions { get; init; }

    /// <summary>The generation that the conditions speak of.</summary>
    public long? ObservedGeneration { get; init; }
}
