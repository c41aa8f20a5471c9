using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Controller.External.Stores;

namespace GitOpsSecrets.Controller.Tests.External.Stores;

/// <summary>Which namespaces the conditions of a cluster store admit: the cases of the original's suite.</summary>
public sealed class StoreResolverTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("[]", true)]
    [InlineData("[{namespaces: [shop]}]", true)]
    [InlineData("[{namespaces: [other, shop]}]", true)]
    [InlineData("[{namespaces: [other]}]", false)]
    [InlineData("[{namespaceSelector: {matchLabels: {tenant: blue}}}]", true)]
    [InlineData("[{namespaceSelector: {matchLabels: {tenant: red}}}]", false)]
    [InlineData("[{namespaceSelector: {matchExpressions: [{key: tenant, operator: In, values: [red, blue]}]}}]", true)]
    [InlineData("[{namespaceSelector: {matchExpressions: [{key: tenant, operator: NotIn, values: [blue]}]}}]", false)]
    [InlineData("[{namespaceSelector: {matchExpressions: [{key: tenant, operator: DoesNotExist}]}}]", false)]
    [InlineData("[{namespaceSelector: {matchExpressions: [{key: tenant, operator: NotIn}]}}]", false)]
    [InlineData("[{namespaceSelector: {matchExpressions: [{key: absent, operator: NotIn, values: []}]}}]", false)]
    [InlineData("[{namespaceSelector: {matchExpressions: [{key: tenant, operator: in, values: [blue]}]}}]", false)]
    [InlineData("[{namespaceRegexes: ['^sh']}]", true)]
    [InlineData("[{namespaceRegexes: ['^other-.*$', 'op$']}]", true)]
    [InlineData("[{namespaceRegexes: ['^other']}]", false)]
    [InlineData("[{namespaces: [other]}, {namespaceSelector: {matchLabels: {tenant: blue}}}]", true)]
    [InlineData("[{namespaces: [other]}, {namespaceSelector: {matchLabels: {tenant: red}}}, {namespaceRegexes: ['^x']}]", false)]
    [InlineData("[{namespaceSelector: {matchLabels: {tenant: red}}, namespaces: [shop]}]", true)]
    [InlineData("[{}]", false)]
    public void A_namespace_is_admitted_by_any_selector_name_or_expression_of_any_condition(string conditions, bool admitted)
    {
        var resolver = new StoreResolver(_ => null, _ => new Dictionary<string, string>(StringComparer.Ordinal) { ["tenant"] = "blue" }, "default", floodGate: true);
        var spec = YamlReader.Read($"{{apiVersion: external-secrets.io/v1, kind: ClusterSecretStore, metadata: {{name: x}}, spec: {{provider: {{fake: {{}}}}, conditions: {(conditions.Length == 0 ? "null" : conditions)}}}}}")!;
        Assert.Equal(admitted, resolver.Admits(spec.Deserialize(ApiJson.Compact.ClusterSecretStore)!.Spec.Conditions, "shop"));
    }
}
