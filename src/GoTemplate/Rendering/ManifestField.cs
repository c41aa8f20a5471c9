using System.Text.Json.Nodes;

namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>Something to be written into an object.</summary>
/// <param name="Place">The entry of the template that it comes from.</param>
/// <param name="Merges">Whether a map goes into the map that is there.</param>
internal sealed record ManifestField(string Place, ManifestPath Path, JsonNode? Value, bool Merges)
{
    public override string ToString() => $"{Place} → {Path}";
}
