using System.Text.Json.Nodes;

namespace GitOpsSecrets.Deploy.Tests.Policies;

/// <summary>Gatekeeper's own engine judges the requests, where its command line tool <c>gator</c> is on the PATH.</summary>
public sealed class GatekeeperTests
{
    private static readonly MachineProgram Gator = new("gator");

    [Theory]
    [InlineData("secrets", 0)]
    [InlineData("scopes", 1)]
    public async Task Gatekeeper_admits_and_denies_what_it_should(string kind, int policy)
    {
        var folder = Directory.CreateTempSubdirectory("gator-");
        try
        {
            string Save(string name, JsonNode content)
            {
                File.WriteAllText(Path.Combine(folder.FullName, name), content.ToJsonString());
                return name;
            }
            var suite = new JsonObject
            {
                ["apiVersion"] = "test.gatekeeper.sh/v1alpha1",
                ["kind"] = "Suite",
                ["metadata"] = new JsonObject { ["name"] = kind },
                ["tests"] = new JsonArray(new JsonObject
                {
                    ["name"] = kind,
                    ["template"] = Save("template.yaml", PolicyTests.Objects("deploy/policies/gatekeeper/templates.yaml")[policy]),
                    ["constraint"] = Save("constraint.yaml", PolicyTests.Objects("deploy/policies/gatekeeper/constraints.yaml")[policy]),
                    ["cases"] = new JsonArray([.. PolicyCase.Of(kind).Select((request, i) => Case(request, Save($"case-{i}.yaml", Review(request)), Save("namespace.yaml", Labelled())))]),
                }),
            };
            await Gator.SucceedAsync("verify", "-v", Path.Combine(folder.FullName, Save("suite.yaml", suite)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static JsonObject Case(PolicyCase request, string file, string space) => new JsonObject
    {
        ["name"] = request.Name,
        ["object"] = file,
        ["inventory"] = new JsonArray(space),
        ["assertions"] = new JsonArray(new JsonObject { ["violations"] = request.Denied ? "yes" : "no" }),
    };

    private static JsonObject Labelled() => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject { ["name"] = PolicyCase.Namespace, ["labels"] = new JsonObject { ["gitopssecrets.io/sealed-only"] = "true" } },
    };

    private static JsonObject Review(PolicyCase request)
    {
        var (group, version) = ((string)request.Object["apiVersion"]!).Split('/') is [var first, var second] ? (first, second) : ("", "v1");
        return new JsonObject
        {
            ["apiVersion"] = "admission.k8s.io/v1",
            ["kind"] = "AdmissionReview",
            ["request"] = new JsonObject
            {
                ["uid"] = "1",
                ["operation"] = request.Old is null ? "CREATE" : "UPDATE",
                ["namespace"] = PolicyCase.Namespace,
                ["kind"] = new JsonObject { ["group"] = group, ["version"] = version, ["kind"] = request.Object["kind"]!.DeepClone() },
                ["userInfo"] = new JsonObject { ["username"] = request.User },
                ["object"] = request.Object.DeepClone(),
                ["oldObject"] = request.Old?.DeepClone(),
            },
        };
    }
}
