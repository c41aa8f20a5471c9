using System.Text.Json.Nodes;

namespace GitOpsSecrets.Deploy.Tests.Definitions;

/// <summary>Every field of the original's definitions is in ours, with its type and limits, and nothing else is but what is listed here.</summary>
public sealed class FieldListTests
{
    private static readonly string[][] Lines =
        [.. Repository.Read("tests/vectors/external-secrets/fields.txt").Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' '))];

    /// <summary>Which of our fields the original has not: status that says what it speaks of, and when it ends, and what its v1 dropped (see <see cref="Dropped"/>).</summary>
    private static readonly string[] Ours = [".status.observedGeneration", ".status.observedHash", ".status.renewTime", ".status.conditions[].reason", ".status.conditions[].lastTransitionTime"];

    /// <summary>Stores of an operator's own definitions (docs/design/0030).</summary>
    private const string Added = ".spec.provider.declared";

    /// <summary>Gone from the original's v1. Here v1 keeps them: it is the version that is stored, and would lose them from objects of v1beta1.</summary>
    private static readonly string[] Dropped = [".spec.provider.alibaba", ".spec.provider.device42", ".spec.provider.fake.data[].valueMap"];

    public static TheoryData<string> Kinds() => [.. Lines.Select(line => KindOf(line[0])).Distinct()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_field_of_the_original_is_there_with_its_type_and_limits(string kind)
    {
        var ours = FieldList.Of(kind);
        var theirs = Lines.Where(line => KindOf(line[0]) == kind && !line[0].Contains("/v1beta1", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(theirs);
        Assert.All(theirs, line =>
        {
            Assert.True(ours.TryGetValue(line[0], out var facts), $"{line[0]} is missing");
            Assert.Equal($"{line[0]}: {string.Join(' ', Wanted(line))}", $"{line[0]}: {string.Join(' ', facts)}");
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_field_of_its_v1beta1_is_there_with_its_type(string kind)
    {
        var ours = FieldList.Of(kind);
        Assert.All(Lines.Where(line => KindOf(line[0]) == kind && line[0].Contains("/v1beta1", StringComparison.Ordinal)), line =>
        {
            Assert.True(ours.TryGetValue(line[0], out var facts), $"{line[0]} is missing");
            // There it was seconds only.
            if (line[0].EndsWith("Store/v1beta1.spec.refreshInterval", StringComparison.Ordinal)) Assert.Equal(("integer", "int|string"), (line[1], facts[0]));
            else Assert.Equal($"{line[0]} {line[1]}", $"{line[0]} {facts[0]}");
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Nothing_is_there_that_the_original_has_not(string kind)
    {
        var theirs = Lines.Where(line => KindOf(line[0]) == kind).Select(line => line[0]).ToHashSet(StringComparer.Ordinal);
        var more = FieldList.Of(kind).Keys.Where(path => !path.Contains("/v1beta1", StringComparison.Ordinal)).Except(theirs);
        Assert.DoesNotContain(more, path => !Ours.Any(known => path.EndsWith(known, StringComparison.Ordinal)) && !Dropped.Append(Added).Any(known => path.Contains(known, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_store_of_the_cluster_has_the_fields_of_a_store() =>
        Assert.True(JsonNode.DeepEquals(Schemas("SecretStore"), Schemas("ClusterSecretStore")));

    [Fact]
    public void A_cluster_generator_holds_the_spec_of_every_generator()
    {
        var held = FieldList.Of("ClusterGenerator");
        foreach (var kind in Kinds().Select(row => (string)row).Where(kind => Lines.Any(line => line[0].StartsWith(kind + "/v1alpha1.spec", StringComparison.Ordinal)) && IsGenerator(kind)))
        {
            var block = held.Keys.Single(path => path.Equals($"ClusterGenerator/v1alpha1.spec.generator.{kind}Spec", StringComparison.OrdinalIgnoreCase));
            Assert.Equal(
                FieldList.Of(kind).Where(field => field.Key.Contains(".spec.", StringComparison.Ordinal)).Select(field => (field.Key[$"{kind}/v1alpha1.spec".Length..], string.Join(' ', field.Value))).Order(),
                held.Where(field => field.Key.StartsWith(block + ".", StringComparison.Ordinal)).Select(field => (field.Key[block.Length..], string.Join(' ', field.Value))).Order());
        }
    }

    private static string KindOf(string path) => path[..path.IndexOf('/', StringComparison.Ordinal)];

    private static bool IsGenerator(string kind) => GitOpsSecrets.Crds.Definitions.All().Any(definition =>
        (string?)definition["spec"]!["names"]!["kind"] == kind && kind != "GeneratorState" && (string?)definition["spec"]!["group"] == "generators.external-secrets.io");

    /// <summary>Conditions Stalled and Reconciling stand beside Ready and Deleted, so their types are not limited.</summary>
    private static IEnumerable<string> Wanted(string[] line) =>
        line[0].EndsWith(".status.conditions[].type", StringComparison.Ordinal) ? line[1..].Where(fact => fact != "enum=Deleted|Ready") : line[1..];

    private static JsonArray Schemas(string kind) => new([.. GitOpsSecrets.Crds.Definitions.All()
        .Single(definition => (string?)definition["spec"]!["names"]!["kind"] == kind)["spec"]!["versions"]!.AsArray()
        .Select(version => version!["schema"]!["openAPIV3Schema"]!["properties"]!.DeepClone())]);
}
