using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.Seal.Cli.Templates;

/// <summary>The object of another kind than Secret that the controller would write, new and without its marks.</summary>
internal static class TargetObject
{
    private const string Data = "data";

    /// <param name="render">Gets whether the object is a ConfigMap.</param>
    /// <exception cref="TargetTemplateException">The template fails, or does not fit the object.</exception>
    public static JsonObject Of(ExternalSecret source, TargetManifest manifest, Func<bool, RenderedManifest> render)
    {
        var isConfigMap = manifest is { ApiVersion: "v1", Kind: "ConfigMap" };
        var rendered = render(isConfigMap);
        var written = new JsonObject
        {
            ["apiVersion"] = manifest.ApiVersion,
            ["kind"] = manifest.Kind,
            ["metadata"] = Metadata(source, rendered),
            [isConfigMap ? Data : "spec"] = new JsonObject(),
        };
        rendered.ApplyTo(written);
        if (isConfigMap && source.Spec.Target?.Immutable == true) written["immutable"] = true;
        return written;
    }

    private static JsonObject Metadata(ExternalSecret source, RenderedManifest rendered)
    {
        var metadata = new JsonObject { ["name"] = source.TargetName };
        if (!string.IsNullOrEmpty(source.Metadata.Namespace)) metadata["namespace"] = source.Metadata.Namespace;
        if (rendered.Labels.Count > 0) metadata["labels"] = Map(rendered.Labels);
        if (rendered.Annotations.Count > 0) metadata["annotations"] = Map(rendered.Annotations);
        if (rendered.Finalizers.Count > 0) metadata["finalizers"] = new JsonArray([.. rendered.Finalizers.Select(finalizer => (JsonNode)finalizer)]);
        return metadata;
    }

    private static JsonObject Map(SortedDictionary<string, string> texts) => new(texts.Select(text => KeyValuePair.Create(text.Key, (JsonNode?)text.Value)));
}
