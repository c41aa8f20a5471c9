using System.Text.Json;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>
/// What Vault writes to those who listen at <c>/v1/sys/events/subscribe/</c>, one CloudEvent in JSON a message: of its KV engines, versions 1 and 2. Vault does not send it anywhere
/// by itself; a forwarder that listens passes each message on as it is.
/// </summary>
internal sealed class VaultShape : IEventShape
{
    private const string Provider = "vault";
    private const string First = "kv-v1/";
    private const string Second = "kv-v2/";

    public IReadOnlyList<ToldChange>? Read(JsonElement root)
    {
        var data = JsonMembers.Member(root, "data");
        if (JsonMembers.Text(data, "event_type") is not { } type) return null;
        var isVersioned = type.StartsWith(Second, StringComparison.Ordinal);
        if (!(isVersioned || type.StartsWith(First, StringComparison.Ordinal)) || type.EndsWith("/config-write", StringComparison.Ordinal)) return [];
        var about = JsonMembers.Member(JsonMembers.Member(data, "event"), "metadata");
        if ((JsonMembers.Text(about, "data_path") ?? JsonMembers.Text(about, "path")) is not { Length: > 0 } path) return null;
        if (JsonMembers.Text(JsonMembers.Member(data, "plugin_info"), "mount_path")?.Trim('/') is not { Length: > 0 } mount) return null;
        var key = Key(path, mount, isVersioned);
        return key.Length == 0 ? null : [new ToldChange(new RemoteChange(Provider, key) { Part = mount, Container = JsonMembers.Text(data, "namespace") is { Length: > 0 } ns ? ns : null })];
    }

    /// <summary>The paths of a versioned engine have a folder between mount and key that says what of it changed.</summary>
    private static string Key(string path, string mount, bool isVersioned)
    {
        var inner = path.StartsWith(mount + "/", StringComparison.Ordinal) ? path[(mount.Length + 1)..] : path;
        if (!isVersioned) return inner;
        foreach (var folder in (string[])["data/", "metadata/", "delete/", "undelete/", "destroy/"])
        {
            if (inner.StartsWith(folder, StringComparison.Ordinal)) return inner[folder.Length..];
        }
        return inner;
    }
}
