using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Sops;

namespace GitOpsSecrets.Seal.Cli.Manifests;

/// <summary>SopsSecrets, and the file that one may carry as text.</summary>
internal static class SopsSecretManifest
{
    private const string Group = "isindir.github.com/";

    public static bool Is(JsonObject node) =>
        node.Text("kind") == SopsSecret.SopsSecretKind && node.Text("apiVersion")?.StartsWith(Group, StringComparison.Ordinal) == true;

    /// <summary><c>spec.document</c>; null when there is none, or the object is none of the kind.</summary>
    public static string? Carried(JsonObject node) => Is(node) ? (node["spec"] as JsonObject).Text("document") : null;

    public static SopsFormat CarriedFormat(JsonObject node) => (node["spec"] as JsonObject).Text("format") == "json" ? SopsFormat.Json : SopsFormat.Yaml;
}
