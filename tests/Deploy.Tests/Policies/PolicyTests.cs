using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Deploy.Tests.Policies;

/// <summary>The policies say the same for each engine; with node and its packages there, their expressions are evaluated too.</summary>
public sealed partial class PolicyTests
{
    private const string Folder = "deploy/policies";
    private static readonly string[] Names = ["gitopssecrets-no-handmade-secrets", "gitopssecrets-own-scope"];

    [Fact]
    public void Each_policy_is_bound_to_where_it_holds()
    {
        foreach (var file in Repository.Files($"{Folder}/admission", "*.yaml"))
        {
            var (policy, binding) = (Objects(file)[0], Objects(file)[1]);
            Assert.Equal(("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy"), ((string?)policy["apiVersion"], (string?)policy["kind"]));
            Assert.Equal((string?)policy["metadata"]!["name"], (string?)binding["spec"]!["policyName"]);
            Assert.Equal("Fail", (string?)policy["spec"]!["failurePolicy"]);
            Assert.Contains((string?)policy["metadata"]!["name"], Names);
        }
    }

    [Fact]
    public void Kyverno_evaluates_the_same_expressions_in_the_same_namespaces()
    {
        var admission = Repository.Files($"{Folder}/admission", "*.yaml").Select(Objects).ToDictionary(file => (string)file[0]["metadata"]!["name"]!, StringComparer.Ordinal);
        var policies = Objects($"{Folder}/kyverno/policies.yaml");
        Assert.Equal(Names, policies.Select(policy => (string)policy["metadata"]!["name"]!));
        foreach (var policy in policies)
        {
            var (own, binding) = (admission[(string)policy["metadata"]!["name"]!][0]["spec"]!, admission[(string)policy["metadata"]!["name"]!][1]["spec"]!);
            var rule = policy["spec"]!["rules"]!.AsArray().Single()!;
            var cel = rule["validate"]!["cel"]!;
            Assert.Equal(Expressions(own["matchConditions"]), Expressions(rule["celPreconditions"]));
            Assert.Equal(Expressions(own["variables"]), Expressions(cel["variables"]));
            Assert.Equal(Expressions(own["validations"]), Expressions(cel["expressions"]));
            Assert.NotEmpty(Expressions(cel["expressions"]));
            var match = rule["match"]!["any"]!.AsArray().Single()!["resources"]!;
            Assert.True(JsonNode.DeepEquals(binding["matchResources"]!["namespaceSelector"], match["namespaceSelector"]));
            Assert.True(JsonNode.DeepEquals(own["matchConstraints"]!["resourceRules"]![0]!["operations"], match["operations"]));
        }
    }

    [Fact]
    public void Gatekeeper_knows_the_same_writers_namespaces_and_messages()
    {
        var templates = Objects($"{Folder}/gatekeeper/templates.yaml");
        var constraints = Objects($"{Folder}/gatekeeper/constraints.yaml");
        Assert.Equal(Names, constraints.Select(constraint => (string)constraint["metadata"]!["name"]!));
        for (var i = 0; i < Names.Length; i++)
        {
            var kind = (string)templates[i]["spec"]!["crd"]!["spec"]!["names"]!["kind"]!;
            var rego = (string)templates[i]["spec"]!["targets"]![0]!["rego"]!;
            Assert.Equal(kind, (string?)constraints[i]["kind"]);
            // Gatekeeper refuses a template whose name is not its kind in lower case.
            Assert.Equal(kind.ToLowerInvariant(), (string?)templates[i]["metadata"]!["name"]);
            Assert.StartsWith($"package {kind.ToLowerInvariant()}\n", rego, StringComparison.Ordinal);
            var file = Repository.Files($"{Folder}/admission", "*.yaml").Select(Objects).Single(objects => (string?)objects[0]["metadata"]!["name"] == Names[i]);
            Assert.True(JsonNode.DeepEquals(file[1]["spec"]!["matchResources"]!["namespaceSelector"], constraints[i]["spec"]!["match"]!["namespaceSelector"]));
            Assert.All(file[0]["spec"]!["validations"]!.AsArray(), validation => Assert.Contains((string)validation!["message"]!, rego, StringComparison.Ordinal));
        }
        var writers = constraints[0]["spec"]!["parameters"]!["writers"]!.AsArray().Select(writer => (string)writer!);
        Assert.Equal(Account().Matches(Repository.Read($"{Folder}/admission/secrets.yaml")).Select(match => match.Value), writers);
    }

    [Fact]
    public void The_controller_of_the_kustomize_base_is_a_writer()
    {
        var account = YamlReader.ReadAll(Repository.Read("deploy/kustomize/base/unsealer.yaml")).Select(document => document.Root).OfType<JsonObject>()
            .Single(node => node.ContainsKey("subjects"))["subjects"]!.AsArray().Single()!;
        Assert.Contains($"'system:serviceaccount:{account["namespace"]}:{account["name"]}'", Repository.Read($"{Folder}/admission/secrets.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_expressions_admit_and_deny_what_they_should()
    {
        Assert.SkipUnless(Directory.Exists(Repository.PathOf($"{Folder}/check/node_modules")), "npm install in deploy/policies/check brings a CEL engine");
        var output = await new MachineProgram("node").SucceedAsync(Repository.PathOf($"{Folder}/check/check.mjs"));
        Assert.Contains("ok    kyverno: sealed for another namespace: denied", output, StringComparison.Ordinal);
    }

    internal static List<JsonObject> Objects(string file) => [.. YamlReader.ReadAll(Repository.Read(file)).Select(document => document.Root).OfType<JsonObject>()];

    private static IReadOnlyList<string> Expressions(JsonNode? list) => [.. (list as JsonArray ?? []).Select(entry => (string)entry!["expression"]!)];

    [GeneratedRegex(@"system:serviceaccount:[a-z-]+:[a-z-]+")]
    private static partial Regex Account();
}
