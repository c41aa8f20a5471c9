using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>An object of a kind that another group has by the same name, which owns something.</summary>
internal static class ForeignOwner
{
    private const string Group = "example.com";

    private static readonly KubeKind<JsonObject> Definitions = KubeKind.Untyped(new KubeResource("apiextensions.k8s.io", "v1", "customresourcedefinitions", Namespaced: false));

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    /// <param name="key">Without a namespace it is of the cluster.</param>
    public static async Task<OwnerReference> MakeAsync(KubeClient kube, string kind, NamespacedName key)
    {
        var isNamespaced = key.Namespace.Length > 0;
#pragma warning disable CA1308
        var plural = kind.ToLowerInvariant() + "s";
#pragma warning restore CA1308
        await kube.CreateAsync(Definitions, JsonNode.Parse($$$"""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"{{{plural}}}.{{{Group}}}"},
             "spec":{"group":"{{{Group}}}","scope":"{{{(isNamespaced ? "Namespaced" : "Cluster")}}}","names":{"kind":"{{{kind}}}","plural":"{{{plural}}}"},
                     "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true} } }]} }
            """)!.AsObject(), Ending);
        var owner = new JsonObject
        {
            ["apiVersion"] = Group + "/v1",
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = isNamespaced ? key.Namespace : null },
        };
        while (true)
        {
            try
            {
                var made = await kube.CreateAsync(KubeKind.Untyped(new KubeResource(Group, "v1", plural, isNamespaced)), owner, Ending);
                return new OwnerReference { ApiVersion = Group + "/v1", Kind = kind, Name = key.Name, Uid = (string)made["metadata"]!["uid"]!, Controller = true };
            }
            catch (KubeApiException refused) when (refused.IsNotFound)
            {
                // The kind is served a moment later.
                await Task.Delay(TimeSpan.FromMilliseconds(50), Ending);
            }
        }
    }
}
