using System.Text;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing.Tests;

public sealed class SealingScopesTests
{
    [Theory]
    [InlineData(SealingScope.Strict, "team-a/db")]
    [InlineData(SealingScope.NamespaceWide, "team-a")]
    [InlineData(SealingScope.ClusterWide, "")]
    public void Each_scope_has_its_label(SealingScope scope, string label) =>
        Assert.Equal(label, Encoding.UTF8.GetString(SealingScopes.Label(scope, "team-a", "db")));

    [Theory]
    [InlineData(null, null, SealingScope.Strict)]
    [InlineData("true", null, SealingScope.NamespaceWide)]
    [InlineData(null, "true", SealingScope.ClusterWide)]
    [InlineData("true", "true", SealingScope.ClusterWide)]
    [InlineData("True", "1", SealingScope.Strict)]
    [InlineData("true", "yes", SealingScope.NamespaceWide)]
    [InlineData("", "", SealingScope.Strict)]
    public void Only_the_value_true_counts_and_the_widest_wins(string? namespaceWide, string? clusterWide, SealingScope scope)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (namespaceWide is not null) annotations[SealedSecretAnnotations.NamespaceWide] = namespaceWide;
        if (clusterWide is not null) annotations[SealedSecretAnnotations.ClusterWide] = clusterWide;
        Assert.Equal(scope, SealingScopes.Of(new ObjectMeta { Annotations = annotations }));
    }

    [Theory]
    [InlineData("strict", true, SealingScope.Strict)]
    [InlineData("", true, SealingScope.Strict)]
    [InlineData("namespace-wide", true, SealingScope.NamespaceWide)]
    [InlineData("cluster-wide", true, SealingScope.ClusterWide)]
    [InlineData("Strict", false, SealingScope.Strict)]
    [InlineData("cluster", false, SealingScope.Strict)]
    public void Names_are_read_exactly(string text, bool known, SealingScope scope)
    {
        Assert.Equal(known, SealingScopes.TryParse(text, out var read));
        Assert.Equal(scope, read);
        if (known && text.Length > 0) Assert.Equal(text, SealingScopes.Name(scope));
    }

    [Fact]
    public void Annotating_replaces_the_scope_and_keeps_every_other_annotation()
    {
        var metadata = new ObjectMeta
        {
            Annotations = new(StringComparer.Ordinal) { [SealedSecretAnnotations.ClusterWide] = "true", ["keep"] = "me" },
        };
        Assert.Equal(["keep", SealedSecretAnnotations.NamespaceWide], SealingScopes.Annotate(metadata, SealingScope.NamespaceWide).Annotations!.Keys);
        Assert.Equal(["keep"], SealingScopes.Annotate(metadata, SealingScope.Strict).Annotations!.Keys);
        Assert.Equal("true", metadata.Annotation(SealedSecretAnnotations.ClusterWide));
    }
}
