using System.Text.Json;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>An object that the API server took and that does not read as its kind: where the definition leaves a field open, anything can stand.</summary>
/// <param name="Key">Its name.</param>
/// <param name="ResourceVersion">The version that cannot be read.</param>
/// <param name="Path">The field, such as <c>spec.template.metadata.ownerReferences[0].name</c>; empty when that is not known.</param>
internal sealed record UnreadableObject(NamespacedName Key, string? ResourceVersion, string Path)
{
    /// <summary>The field that a failure to read is about. Its words may quote the value and are left alone.</summary>
    public static string PathOf(Exception failure) => (failure as JsonException)?.Path is { } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "";
}
