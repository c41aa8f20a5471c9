using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Keeper;

/// <summary>A record as the simulator keeps it: opened.</summary>
/// <param name="Folder">The folder that is shared; null for a record that is shared by itself.</param>
/// <param name="Key">The record's own; null where the application's key is it.</param>
internal sealed record KeeperSimulatedRecord(string? Folder, byte[]? Key, JsonObject Json, IReadOnlyDictionary<string, byte[]> Files)
{
    public long Revision { get; init; } = 1;
}
