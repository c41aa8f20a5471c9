using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.Controller.External.Target;

/// <summary>Values and template → what the Secret shall hold; reads the ConfigMaps and Secrets that the template names.</summary>
internal sealed class TargetMaker(KubeClient kube, TargetRenderer renderer)
{
    private static readonly SortedDictionary<string, string> None = [];

    /// <returns>The caller's to dispose.</returns>
    /// <exception cref="TargetTemplateException">The template gives no Secret.</exception>
    public async Task<RenderedTarget> MakeAsync(ExternalSecret source, IReadOnlyDictionary<string, byte[]> values, CancellationToken cancellationToken)
    {
        if (source.Spec.Target?.Template is not { } template)
        {
            return TargetRenderer.WithoutTemplate(values, source.Metadata.Labels ?? None, source.Metadata.Annotations ?? None);
        }
        return await RenderAsync(template, source.Metadata.Namespace ?? "", values, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same for a target that is no Secret.</summary>
    /// <exception cref="TargetTemplateException">The template cannot be rendered.</exception>
    public async Task<RenderedManifest> MakeManifestAsync(ExternalSecret source, IReadOnlyDictionary<string, byte[]> values, bool isConfigMap, CancellationToken cancellationToken)
    {
        if (source.Spec.Target?.Template is not { } template)
        {
            return TargetRenderer.ManifestWithoutTemplate(values, source.Metadata.Labels ?? None, source.Metadata.Annotations ?? None, isConfigMap);
        }
        return renderer.RenderManifest(template, values, await ReadAsync(template, source.Metadata.Namespace ?? "", cancellationToken).ConfigureAwait(false), isConfigMap, cancellationToken);
    }

    /// <returns>The caller's to dispose.</returns>
    /// <exception cref="TargetTemplateException">The template gives no Secret.</exception>
    public async Task<RenderedTarget> RenderAsync(ExternalSecretTemplate template, string @namespace, IReadOnlyDictionary<string, byte[]> values, CancellationToken cancellationToken) =>
        renderer.Render(template, values, await ReadAsync(template, @namespace, cancellationToken).ConfigureAwait(false), cancellationToken);

    private async Task<Dictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>>> ReadAsync(ExternalSecretTemplate template, string @namespace, CancellationToken cancellationToken)
    {
        var resources = new Dictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>>();
        foreach (var resource in TemplateRules.Resources(template))
        {
            if (await ReadAsync(resource, @namespace, cancellationToken).ConfigureAwait(false) is { } texts) resources[resource] = texts;
        }
        return resources;
    }

    private async Task<IReadOnlyDictionary<string, byte[]>?> ReadAsync(TemplateResource resource, string @namespace, CancellationToken cancellationToken)
    {
        var key = new NamespacedName(@namespace, resource.Name);
        if (resource.Kind == TemplateResourceKind.Secret)
        {
            var secret = await kube.FindAsync(ClusterKinds.Secrets, key, cancellationToken).ConfigureAwait(false);
            return secret?.Data is { } data ? data.ToDictionary(entry => entry.Key, entry => entry.Value ?? []) : null;
        }
        var map = await kube.FindAsync(ExternalKinds.ConfigMaps, key, cancellationToken).ConfigureAwait(false);
        if (map is null) return null;
        var texts = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (name, text) in map["data"] as JsonObject ?? []) texts[name] = System.Text.Encoding.UTF8.GetBytes(text!.GetValue<string>());
        foreach (var (name, text) in map["binaryData"] as JsonObject ?? []) texts[name] = Convert.FromBase64String(text!.GetValue<string>());
        return texts;
    }
}
