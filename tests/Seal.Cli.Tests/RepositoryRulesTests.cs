using System.Text;
using GitOpsSecrets.Seal.Cli.Repository;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Tests;

public sealed class RepositoryRulesTests
{
    [Theory]
    [InlineData("overlays/staging/db.yaml", "staging", "shop-staging", "db", null)]
    [InlineData("overlays/production/a/b/x.yaml", "production", "shop-production", "db", null)]
    [InlineData("overlays/elsewhere/db.yaml", null, null, null, null)]
    [InlineData("namespaces/payments/api.yaml", "production", "payments", "api", null)]
    [InlineData("namespaces/payments/deep/api.yaml", null, null, null, null)]
    [InlineData("ingress/tls/cert.yaml", "production", null, null, SealingScope.ClusterWide)]
    [InlineData("ingress", null, null, null, null)]
    [InlineData("shared/a.yaml", "production", null, null, SealingScope.ClusterWide)]
    [InlineData("shared/a/b.yaml", null, null, null, null)]
    public void The_rules_in_the_documentation_mean_what_it_says(string path, string? cluster, string? space, string? name, SealingScope? scope)
    {
        var rules = RepositoryRulesReader.Read(Encoding.UTF8.GetBytes(Example()), Path.Combine(Path.GetTempPath(), ".seal.yaml"));
        var place = rules.Find(Path.Combine(Path.GetTempPath(), path));
        Assert.Equal(cluster, place?.Cluster?.Name);
        Assert.Equal((space, name, scope), (place?.Namespace, place?.Name, place?.Scope));
        Assert.True(rules.IsIgnored(Path.Combine(Path.GetTempPath(), "tests/keys/a.pem"), "private-key"));
        Assert.False(rules.IsIgnored(Path.Combine(Path.GetTempPath(), "tests/keys/a.pem"), "plaintext-secret"));
    }

    [Theory]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**/b", "a/xb", false)]
    [InlineData("**/*.env", ".env", true)]
    [InlineData("**/*.env", "a/b/.env", true)]
    [InlineData("*.yaml", "a/b.yaml", false)]
    [InlineData("a.b", "axb", false)]
    [InlineData("?.y", "a.y", true)]
    [InlineData("?.y", "/.y", false)]
    public void Patterns_match_as_paths_do(string pattern, string path, bool matches) =>
        Assert.Equal(matches, PathPattern.TryCreate(pattern, out _)!.Match(path) is not null);

    [Theory]
    [InlineData("/a")]
    [InlineData("./a")]
    [InlineData("a\\b")]
    [InlineData("{other}/a")]
    [InlineData("{cluster")]
    [InlineData("{name}/{name}")]
    public void What_is_no_pattern_is_refused(string pattern)
    {
        Assert.Null(PathPattern.TryCreate(pattern, out var problem));
        Assert.NotEqual("", problem);
    }

    [Fact]
    public void A_hostile_pattern_takes_no_time() =>
        Assert.Null(PathPattern.TryCreate(string.Concat(Enumerable.Repeat("**/*a*", 60)), out _)!.Match(new string('a', 20_000) + "/b"));

    private static string Example()
    {
        var page = File.ReadAllText(Path.Combine(Running.Vectors.Folder, "..", "..", "..", "docs", "repository.md"));
        var start = page.IndexOf("```yaml\n", StringComparison.Ordinal) + 8;
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
