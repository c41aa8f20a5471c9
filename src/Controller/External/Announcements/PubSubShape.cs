using System.Text.Json;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>Notifications of Google Secret Manager, as Pub/Sub pushes them: what happened to what stands in the message's attributes, and its data are not looked at.</summary>
internal sealed class PubSubShape : IEventShape
{
    private const string Provider = "gcpsm";

    /// <summary>After which a secret is another, is there, or is not.</summary>
    private static readonly HashSet<string> Changes = new(StringComparer.Ordinal)
    {
        "SECRET_UPDATE", "SECRET_DELETE", "SECRET_VERSION_ADD", "SECRET_VERSION_ENABLE", "SECRET_VERSION_DISABLE", "SECRET_VERSION_DESTROY",
    };

    public IReadOnlyList<ToldChange>? Read(JsonElement root)
    {
        if (JsonMembers.Member(root, "message") is not { ValueKind: JsonValueKind.Object } message) return null;
        var attributes = JsonMembers.Member(message, "attributes");
        if (JsonMembers.Text(attributes, "eventType") is not { } type || !Changes.Contains(type) || JsonMembers.Text(attributes, "secretId") is not { } id) return [];
        return id.Split('/') switch
        {
            ["projects", { Length: > 0 } project, "secrets", { Length: > 0 } name] => [Told(project, null, name)],
            ["projects", { Length: > 0 } project, "locations", { Length: > 0 } location, "secrets", { Length: > 0 } name] => [Told(project, location, name)],
            _ => null,
        };
    }

    private static ToldChange Told(string project, string? location, string name) => new(new RemoteChange(Provider, name) { Container = project, Region = location });
}
