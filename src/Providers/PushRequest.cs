using System.Text.Json;

namespace GitOpsSecrets.Providers;

/// <summary>One entry of a PushSecret, resolved.</summary>
/// <param name="Place">Where to.</param>
/// <param name="Source">The source Secret's data; the caller's, who disposes it.</param>
/// <param name="SecretKey">The key of <paramref name="Source"/> to push; null pushes the whole Secret.</param>
/// <param name="SourceType">The source Secret's type, such as <c>Opaque</c> or <c>kubernetes.io/tls</c>.</param>
/// <param name="SourceLabels">The source Secret's labels.</param>
/// <param name="SourceAnnotations">The source Secret's annotations.</param>
/// <param name="Metadata">The entry's <c>metadata</c>, as written: how the store should keep it, in the store's own terms.</param>
public sealed record PushRequest(
    RemotePlace Place,
    SecretValues Source,
    string? SecretKey,
    string SourceType,
    IReadOnlyDictionary<string, string> SourceLabels,
    IReadOnlyDictionary<string, string> SourceAnnotations,
    JsonElement? Metadata);
