using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Rendering;

/// <summary>The Secret, or what else an ExternalSecret says, that takes an object's place in a stream.</summary>
internal static class RenderedSecret
{
    /// <summary>Annotations that tell delivery tools about the object, not about its content: order, hooks, where it is to be written.</summary>
    private static readonly string[] DeliveryPrefixes = ["argocd.argoproj.io/", "config.kubernetes.io/", "internal.config.kubernetes.io/", "kustomize.toolkit.fluxcd.io/", "helm.sh/"];

    /// <param name="secret">What the cluster would make.</param>
    /// <param name="source">What it is made from.</param>
    /// <remarks>Without an owner: the object that would own it is not applied, and an owner without a UID would be refused.</remarks>
    public static string Write(Secret secret, ManifestObject source)
    {
        var annotations = Delivery(source);
        foreach (var (name, value) in secret.Metadata.Annotations ?? []) annotations[name] = value;
        var rendered = secret with
        {
            Metadata = secret.Metadata with
            {
                OwnerReferences = null,
                Annotations = annotations.Count > 0 ? annotations : null,
            },
            Data = secret.Data is { Count: 0 } ? null : secret.Data,
        };
        return YamlWriter.Write(JsonSerializer.SerializeToNode(rendered, ApiJson.Compact.Secret));
    }

    /// <summary>The same of an object of another kind.</summary>
    public static string Write(JsonObject rendered, ManifestObject source)
    {
        var metadata = rendered["metadata"]!.AsObject();
        var annotations = metadata["annotations"] as JsonObject ?? [];
        foreach (var (name, value) in Delivery(source)) if (!annotations.ContainsKey(name)) annotations[name] = value;
        if (annotations.Count > 0) metadata["annotations"] = annotations.DeepClone();
        return YamlWriter.Write(rendered);
    }

    private static SortedDictionary<string, string> Delivery(ManifestObject source)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in (source.Node["metadata"] as JsonObject)?["annotations"] as JsonObject ?? [])
        {
            if (DeliveryPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) && value.AsText() is { } known) annotations[name] = known;
        }
        return annotations;
    }
}
