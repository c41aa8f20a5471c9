using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster;

namespace GitOpsSecrets.TestClusters;

/// <summary>The audit log of kube-apiserver, which is written before an answer goes out. What the cluster's own components asked is left out.</summary>
internal sealed class AuditLog(string path) : IRequestRecord
{
    /// <summary>Everything, without bodies, when it is answered; a watch when it begins, too.</summary>
    public const string Policy =
        """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules: [{level: Metadata}]
        """;

    private const string Begun = "ResponseStarted";
    private const int FirstError = 400;
    private static readonly string[] Own = ["kube-apiserver/", "kube-controller-manager/"];

    private long from;

    public IReadOnlyList<RecordedRequest> All()
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        // From the byte before: the line that was being written when the log was cleared is none of those after.
        file.Position = Math.Max(0, from - 1);
        using var reader = new StreamReader(file);
        var lines = reader.ReadToEnd().Split('\n');
        // That line may be all there is, and go on.
        var first = from > 0 ? 1 : 0;
        return [.. lines[first..Math.Max(first, lines.Length - 1)].Select(line => JsonNode.Parse(line)!).Where(IsOfTheTest).Select(Request)];
    }

    public void Clear() => from = new FileInfo(path).Length;

    private static bool IsOfTheTest(JsonNode entry) =>
        ((string?)entry["verb"] == "watch" && Code(entry) < FirstError) == ((string?)entry["stage"] == Begun)
        && !Own.Any(agent => ((string?)entry["userAgent"])?.StartsWith(agent, StringComparison.Ordinal) == true);

    private static RecordedRequest Request(JsonNode entry)
    {
        var place = entry["objectRef"];
        var (resource, part) = ((string?)place?["resource"], (string?)place?["subresource"]);
        return new RecordedRequest(
            (string)entry["verb"]!, part is null ? resource ?? "" : $"{resource}/{part}", (string?)place?["namespace"] ?? "", (string?)place?["name"] ?? "",
            (string)entry["requestURI"]!, (string)entry["user"]!["username"]!, Code(entry));
    }

    private static int Code(JsonNode entry) => (int?)entry["responseStatus"]?["code"] ?? 0;
}
