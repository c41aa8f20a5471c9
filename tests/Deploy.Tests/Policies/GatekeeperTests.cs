using System.Text.Json.Nodes;

namespace GitOpsSecrets.Deploy.Tests.Policies;

/// <summary>Gatekeeper's own engine judges the requests, where its command line tool <c>gator</c> is on the PATH.</summary>
public sealed class GatekeeperTests
{
    private static readonly MachineProgram Gator = new("gator");

    [Theory]
    [InlineData("secrets", 0, null)]
    [InlineData("scopes", 1, "wide-scopes")]
    public async Task Gatekeeper_admits_and_denies_what_it_should_where_its_constraint_matches(string kind, int policy, string? exempting)
    {
        var folder = Directory.CreateTempSubdirectory("gator-");
        try
        {
            string Save(string name, JsonNode content)
            {
                File.WriteAllText(Path.Combine(folder.FullName, name), content.ToJsonString());
                return name;
            }
            JsonArray Cases(IEnumerable<PolicyCase> requests, string at, JsonObject space, bool admitsAll) => new(
                [.. requests.Select((request, i) => Case(request, Save($"{at}-{i}.yaml", Review(request)), Save($"{at}.yaml", space), request.Denied && !admitsAll))]);
            var suite = new JsonObject
            {
                ["apiVersion"] = "test.gatekeeper.sh/v1alpha1",
                ["kind"] = "Suite",
                ["metadata"] = new JsonObject { ["name"] = kind },
                ["tests"] = new JsonArray(
                    Test("where it holds", policy, Save, Cases(PolicyCase.Of(kind), "held", Space("sealed-only"), admitsAll: false)),
                    Test("where it does not", policy, Save, Cases(PolicyCase.Of(kind), "free", Space(exempting), admitsAll: true))),
            };
            await Gator.SucceedAsync("verify", "-v", Path.Combine(folder.FullName, Save("suite.yaml", suite)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static JsonObject Test(string name, int policy, Func<string, JsonNode, string> save, JsonArray cases) => new()
    {
        ["name"] = name,
        ["template"] = save("template.yaml", PolicyTests.Objects("deploy/policies/gatekeeper/templates.yaml")[policy]),
        ["constraint"] = save("constraint.yaml", PolicyTests.Objects("deploy/policies/gatekeeper/constraints.yaml")[policy]),
        ["cases"] = cases,
    };

    private static JsonObject Case(PolicyCase request, string file, string space, bool isDenied) => new()
    {
        ["name"] = request.Name,
        ["object"] = file,
        ["inventory"] = new JsonArray(space),
        ["assertions"] = new JsonArray(new JsonObject { ["violations"] = isDenied ? "yes" : "no" }),
    };

    private static JsonObject Space(string? label) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject
        {
            ["name"] = PolicyCase.Namespace,
            ["labels"] = label is null ? new JsonObject() : new JsonObject { ["gitopssecrets.io/" + label] = "true" },
        },
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
