using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Providers.Rules;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Providers.Tests.Values;

public sealed class LabelMatchTests
{
    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal) { ["tenant"] = "blue", ["a.b/c"] = "" };

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{"matchLabels":{"tenant":"blue","a.b/c":""}}""", true)]
    [InlineData("""{"matchLabels":{"tenant":"red"}}""", false)]
    [InlineData("""{"matchExpressions":[{"key":"tenant","operator":"In","values":["red","blue"]}]}""", true)]
    [InlineData("""{"matchExpressions":[{"key":"tenant","operator":"NotIn","values":["blue"]}]}""", false)]
    [InlineData("""{"matchExpressions":[{"key":"absent","operator":"NotIn","values":["blue"]}]}""", true)]
    [InlineData("""{"matchExpressions":[{"key":"tenant","operator":"Exists"}]}""", true)]
    [InlineData("""{"matchExpressions":[{"key":"tenant","operator":"DoesNotExist","values":[]}]}""", false)]
    [InlineData("""{"matchLabels":{"tenant":"blue"},"matchExpressions":[{"key":"absent","operator":"Exists"}]}""", false)]
    public void What_can_be_read_matches_as_in_Kubernetes(string selector, bool matches)
    {
        Assert.Empty(LabelRules.Problems(Read(selector), "x"));
        Assert.Equal(matches, LabelMatch.Matches(Read(selector), Labels));
    }

    [Theory]
    [InlineData("""{"matchExpressions":[{"key":"tenant","operator":"in","values":["blue"]}]}""", "x.matchExpressions[0].operator: \"in\" is none of In, NotIn, Exists, DoesNotExist")]
    [InlineData("""{"matchExpressions":[{"key":"tenant","operator":"Exists"},{"key":"tenant","operator":"Equals","values":["blue"]}]}""", "x.matchExpressions[1].operator: \"Equals\" is none of In, NotIn, Exists, DoesNotExist")]
    [InlineData("""{"matchExpressions":[{"key":"tenant","operator":"In"}]}""", "x.matchExpressions[0].values: operator In needs at least one value")]
    [InlineData("""{"matchExpressions":[{"key":"absent","operator":"NotIn","values":[]}]}""", "x.matchExpressions[0].values: operator NotIn needs at least one value")]
    [InlineData("""{"matchExpressions":[{"key":"tenant","operator":"Exists","values":["blue"]}]}""", "x.matchExpressions[0].values: operator Exists takes no values")]
    [InlineData("""{"matchExpressions":[{"key":"absent","operator":"DoesNotExist","values":["blue"]}]}""", "x.matchExpressions[0].values: operator DoesNotExist takes no values")]
    [InlineData("""{"matchExpressions":[{"key":"-","operator":"DoesNotExist"}]}""", "x.matchExpressions[0].key: \"-\" is not a label's key")]
    [InlineData("""{"matchExpressions":[{"key":"A/b","operator":"DoesNotExist"}]}""", "x.matchExpressions[0].key: \"A/b\" is not a label's key")]
    [InlineData("""{"matchExpressions":[{"key":"a/b/c","operator":"DoesNotExist"}]}""", "x.matchExpressions[0].key: \"a/b/c\" is not a label's key")]
    [InlineData("""{"matchExpressions":[{"key":"absent","operator":"NotIn","values":["ok","not ok"]}]}""", "x.matchExpressions[0].values[1]: \"not ok\" is not a label's value")]
    [InlineData("""{"matchLabels":{"":"blue"}}""", "x.matchLabels[]: \"\" is not a label's key")]
    [InlineData("""{"matchLabels":{"tenant":"blue-"}}""", "x.matchLabels[tenant]: \"blue-\" is not a label's value")]
    public void What_cannot_be_read_is_named_and_matches_nothing(string selector, string problem)
    {
        var refusal = Assert.Single(LabelRules.Problems(Read(selector), "x"));
        Assert.Equal((problem, problem[..problem.IndexOf(": ", StringComparison.Ordinal)]), (refusal.Message, refusal.Path));
        Assert.False(LabelMatch.Matches(Read(selector), Labels));
    }

    [Fact]
    public void A_name_has_63_characters_at_most()
    {
        Assert.Empty(LabelRules.Problems(new LabelSelector { MatchLabels = new() { [new string('k', 63)] = new string('v', 63) } }, "x"));
        Assert.Equal(2, LabelRules.Problems(new LabelSelector { MatchLabels = new() { [new string('k', 64)] = new string('v', 64) } }, "x").Count());
    }

    private static LabelSelector Read(string selector) =>
        JsonSerializer.Deserialize($$$"""{"spec":{"namespaceSelectors":[{{{selector}}}]} }""", ApiJson.Compact.ClusterPushSecret)!.Spec.NamespaceSelectors![0];
}
