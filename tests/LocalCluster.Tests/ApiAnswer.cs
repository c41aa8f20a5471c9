using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Tests;

/// <summary>What a server said: the status code and the body.</summary>
internal sealed record ApiAnswer(int Code, JsonObject Body)
{
    public string Message => Text("message");

    public string Reason => Text("reason");

    public string Name => Metadata("name");

    public string Uid => Metadata("uid");

    public string Version => Metadata("resourceVersion");

    public IEnumerable<JsonObject> Items => Body["items"]!.AsArray().Select(item => item!.AsObject());

    public IEnumerable<string> ItemNames => Items.Select(item => item["metadata"]!["name"]!.GetValue<string>());

    public string Text(string field) => Body[field]?.GetValue<string>() ?? "";

    public string Metadata(string field) => Body["metadata"]?[field]?.GetValue<string>() ?? "";
}
