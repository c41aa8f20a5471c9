using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>A change that a source tells of, and which ExternalSecrets it may be about. Equal ones are one.</summary>
/// <param name="Source">Who tells it.</param>
/// <param name="Change">What.</param>
/// <param name="Within">Namespaces that the source may tell about; empty for all.</param>
internal sealed record Announcement(string Source, RemoteChange Change, IReadOnlyList<string> Within)
{
    /// <summary>The name of the store; null for every one that it fits.</summary>
    public string? Store { get; init; }

    /// <summary>The namespace of the ExternalSecrets; null for all.</summary>
    public string? Namespace { get; init; }

    public bool IsAbout(string @namespace) =>
        (Namespace is null || Namespace == @namespace) && (Within.Count == 0 || Within.Contains(@namespace, StringComparer.Ordinal));
}
