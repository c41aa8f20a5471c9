using System.Text.Json.Nodes;

namespace GitOpsSecrets.Deploy.Tests.Policies;

/// <summary>A request of <c>deploy/policies/check/cases.json</c>, which is judged by a CEL engine, by an API server and by Gatekeeper.</summary>
/// <param name="Old">What is changed; <c>null</c> where the object is created.</param>
internal sealed record PolicyCase(string Name, bool Denied, string User, JsonObject Object, JsonObject? Old)
{
    public const string Namespace = "shop";
    public const string Controller = "system:serviceaccount:kube-system:sealed-secrets-controller";

    /// <param name="kind"><c>secrets</c> or <c>scopes</c>.</param>
    public static IReadOnlyList<PolicyCase> Of(string kind) =>
        [.. JsonNode.Parse(Repository.Read("deploy/policies/check/cases.json"))![kind]!.AsArray().Select(node => Read(node!.AsObject()))];

    /// <summary>The same request in another namespace, for an object of another name.</summary>
    public PolicyCase In(string space, string name) => this with { Object = Moved(Object, space, name), Old = Old is null ? null : Moved(Old, space, name) };

    private static JsonObject Moved(JsonObject item, string space, string name)
    {
        var moved = item.DeepClone().AsObject();
        moved["metadata"]!["namespace"] = space;
        moved["metadata"]!["name"] = name;
        return moved;
    }

    private static PolicyCase Read(JsonObject node) => new(
        (string)node["name"]!, (string?)node["expected"] == "denied", (string?)node["user"] ?? "alice",
        node["object"]!.DeepClone().AsObject(), node["oldObject"]?.DeepClone().AsObject());
}
