using System.Text.Json.Serialization.Metadata;
using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.Runtime;

/// <summary>In which terms the objects of a kind say that they failed.</summary>
internal sealed record UnreadableTerms
{
    public required KubeResource Resource { get; init; }
    public required string Kind { get; init; }

    /// <summary>How the kind is read.</summary>
    public required JsonTypeInfo Shape { get; init; }

    /// <summary>Of the event and of the conditions.</summary>
    public required string Reason { get; init; }

    /// <summary>The conditions, in their order.</summary>
    public required IReadOnlyList<(string Type, string Status, bool HasMessage)> Conditions { get; init; }

    /// <summary>The conditions have a <c>lastUpdateTime</c>.</summary>
    public bool HasUpdateTimes { get; init; }

    /// <summary>What <c>status.message</c> says; <c>null</c> where there is none.</summary>
    public string? Message { get; init; }
}
