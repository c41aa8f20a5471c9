using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Discovery;

/// <summary>What the server says it is: the API of this Kubernetes version, as far as it is offered.</summary>
internal static class ServerVersion
{
    public const string GitVersion = "v1.32.0+gitopssecrets-local";

    public static JsonObject Json() => new()
    {
        ["major"] = "1",
        ["minor"] = "32",
        ["gitVersion"] = GitVersion,
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "",
        ["goVersion"] = "",
        ["compiler"] = "dotnet",
        ["platform"] = System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier,
    };
}
