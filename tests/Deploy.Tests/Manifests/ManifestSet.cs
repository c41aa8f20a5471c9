using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Deploy.Tests.Manifests;

/// <summary>All objects of one rendering, in its order.</summary>
internal sealed record ManifestSet(IReadOnlyList<Manifest> All)
{
    public Manifest Deployment => One("Deployment");

    /// <summary>The pod's spec.</summary>
    public JsonNode Pod => Deployment["spec", "template", "spec"]!;

    /// <summary>The controller's container.</summary>
    public JsonNode Container => Assert.Single(Pod["containers"]!.AsArray())!;

    public static ManifestSet Parse(string yaml)
    {
        var objects = YamlReader.ReadAll(yaml).Select(document => document.Root).OfType<JsonObject>().ToList();
        Assert.NotEmpty(objects);
        return new ManifestSet([.. objects.Select(json => new Manifest(json))]);
    }

    public Manifest One(string kind, string? name = null) =>
        Assert.Single(All, manifest => manifest.Kind == kind && (name is null || manifest.Name == name));

    public IEnumerable<Manifest> OfKind(string kind) => All.Where(manifest => manifest.Kind == kind);
}
