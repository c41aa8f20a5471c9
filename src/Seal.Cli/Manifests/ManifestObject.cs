using System.Text.Json.Nodes;

namespace GitOpsSecrets.Seal.Cli.Manifests;

/// <summary>One object of an input, items of a List included.</summary>
internal sealed record ManifestObject(JsonObject Node, ManifestPlace Place)
{
    public string? Kind => Node.Text("kind");

    /// <summary><c>Secret team-a/db in secret.yaml: document 2 (line 9)</c>.</summary>
    public override string ToString() => $"{ManifestPlace.Describe(Node)} in {Place}";
}
