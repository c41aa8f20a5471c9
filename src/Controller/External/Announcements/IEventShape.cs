using System.Text.Json;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>How a service writes down that a secret changed.</summary>
internal interface IEventShape
{
    /// <returns>null when it is not of this shape; empty when it is, and tells of nothing that a store would answer differently.</returns>
    IReadOnlyList<ToldChange>? Read(JsonElement root);
}
