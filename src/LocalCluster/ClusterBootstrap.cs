using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.LocalCluster.Auth;
using GitOpsSecrets.LocalCluster.Garbage;
using GitOpsSecrets.LocalCluster.Objects;
using GitOpsSecrets.LocalCluster.Resources;

namespace GitOpsSecrets.LocalCluster;

/// <summary>What a new cluster holds before the first request.</summary>
internal sealed class ClusterBootstrap(ResourceCatalog catalog, ObjectWriter writer, NamespaceKeeper namespaces)
{
    private static readonly WriteOptions Options = WriteOptions.Internal("kube-apiserver");
    private static readonly string[] Namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    /// <exception cref="InvalidOperationException">A manifest of a kind that is not served.</exception>
    public void Run(IReadOnlyList<string> manifests)
    {
        foreach (var ns in Namespaces)
        {
            Create(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = ns } });
            namespaces.Furnish(ns);
        }

        foreach (var role in BootstrapRoles.Roles()) Create(role);
        foreach (var binding in BootstrapRoles.Bindings()) Create(binding);
        foreach (var document in manifests.SelectMany(manifest => YamlReader.ReadAll(manifest)))
        {
            if (document.Root is JsonObject json) Create(json);
        }
    }

    private void Create(JsonObject json)
    {
        var type = catalog.FindKind(json["apiVersion"]!.GetValue<string>(), json["kind"]!.GetValue<string>())
            ?? throw new InvalidOperationException($"{json["apiVersion"]} {json["kind"]} is not served");
        var ns = type.IsNamespaced ? json["metadata"]?["namespace"]?.GetValue<string>() ?? "default" : "";
        writer.Create(type, ns, json, Options);
    }
}
