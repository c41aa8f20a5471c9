using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Rules;

namespace GitOpsSecrets.Controller.Tests.External.Admission;

public sealed class SecretStoreRulesTests
{
    private const string NoAuthority = "No caBundle or caProvider specified; TLS connections will use system certificate roots.";

    private static readonly SecretStoreRules Rules = new(new ProviderCatalog([new PickyProvider("vault"), new PickyProvider("kubernetes"), new PickyProvider("fake", isMaintained: false)]));

    [Theory]
    [InlineData("{\"provider\":{\"vault\":{}}}")]
    [InlineData("{\"provider\":{\"vault\":{}},\"refreshInterval\":0}")]
    [InlineData("{\"provider\":{\"vault\":{}},\"refreshInterval\":\"1h30m\"}")]
    [InlineData("{\"provider\":{\"vault\":{}},\"conditions\":[{\"namespaceRegexes\":[\"^team-.*$\"]}]}")]
    public void What_the_original_takes_is_taken(string spec)
    {
        var finding = Check(spec);
        Assert.Empty(finding.Refusals);
        Assert.Empty(finding.Warnings);
    }

    [Theory]
    [InlineData("{\"provider\":{\"vault\":{}},\"refreshInterval\":-5}", "spec.refreshInterval", "invalid refreshInterval -5: must not be negative")]
    [InlineData("{\"provider\":{\"vault\":{}},\"refreshInterval\":\"-5m\"}", "spec.refreshInterval", "invalid refreshInterval \"-5m\": must not be negative")]
    [InlineData("{\"provider\":{\"vault\":{}},\"refreshInterval\":\"1d\"}", "spec.refreshInterval", "invalid refreshInterval \"1d\": time: unknown unit \"d\" in duration \"1d\"")]
    [InlineData("{\"provider\":{\"vault\":{}},\"retrySettings\":{\"maxRetries\":-1}}", "spec.retrySettings.maxRetries", "invalid maxRetries -1: must not be negative")]
    [InlineData("{\"provider\":{\"vault\":{}},\"retrySettings\":{\"retryInterval\":\"soon\"}}", "spec.retrySettings.retryInterval", "invalid retryInterval \"soon\": time: invalid duration \"soon\"")]
    [InlineData("{\"provider\":{\"vault\":{}},\"retrySettings\":{\"retryInterval\":\"-1s\"}}", "spec.retrySettings.retryInterval", "invalid retryInterval \"-1s\": must not be negative")]
    [InlineData("{\"provider\":{}}", "spec.provider", "store error for x: secret stores must only have exactly one backend specified, found 0")]
    [InlineData("{}", "spec.provider", "store error for x: secret stores must only have exactly one backend specified, found 0")]
    [InlineData("{\"provider\":{\"vault\":{},\"fake\":{}}}", "spec.provider", "store error for x: secret stores must only have exactly one backend specified, found 2")]
    [InlineData("{\"provider\":{\"onepasswordSDK\":{}}}", "spec.provider.onepasswordSDK", "failed to find registered store backend for type: onepasswordSDK, name: x: it is not supported yet: its values are encrypted in the client by a closed module of the vendor's; 1Password Connect (onepassword) is there")]
    [InlineData("{\"provider\":{\"alibaba\":{}}}", "spec.provider.alibaba", "failed to find registered store backend for type: alibaba, name: x")]
    [InlineData("{\"provider\":{\"vault\":{}},\"conditions\":[{},{\"namespaceRegexes\":[\"ok\",\"(\"]}]}", "spec.conditions[1].namespaceRegexes[1]", "failed to compile 1th namespace regex in 1th condition: error parsing regexp: missing closing ): `(`")]
    [InlineData("{\"provider\":{\"vault\":{\"wrong\":1}}}", "spec.provider.vault", "SecretStore team-a/x: wrong")]
    public void What_the_original_refuses_is_refused_in_its_words_with_the_field(string spec, string path, string message)
    {
        var refusal = Assert.Single(Check(spec).Refusals);
        Assert.Equal((path, message), (refusal.Path, refusal.Message));
    }

    [Theory]
    [InlineData("{\"provider\":{\"kubernetes\":{}}}", NoAuthority)]
    [InlineData("{\"provider\":{\"kubernetes\":{\"server\":{\"url\":\"x\"}}}}", NoAuthority)]
    [InlineData("{\"provider\":{\"kubernetes\":{\"server\":{\"caBundle\":\"Zm9v\"}}}}", null)]
    [InlineData("{\"provider\":{\"kubernetes\":{\"server\":{\"caProvider\":{}}}}}", null)]
    [InlineData("{\"provider\":{\"kubernetes\":{\"authRef\":{\"name\":\"s\"}}}}", null)]
    [InlineData("{\"provider\":{\"fake\":{}}}", "store x isn't currently maintained. Please plan and prepare accordingly.")]
    public void What_deserves_a_warning_gets_the_original_s(string spec, string? warning)
    {
        var finding = Check(spec);
        Assert.Empty(finding.Refusals);
        Assert.Equal(warning is null ? [] : [warning], finding.Warnings);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("")]
    public void Who_knows_that_a_store_is_unmaintained_is_not_told_again(string value) =>
        Assert.Empty(Rules.Check(JsonSerializer.Deserialize($$$"""{"metadata":{"name":"x","annotations":{"external-secrets.io/ignore-maintenance-checks":"{{{value}}}"} },"spec":{"provider":{"fake":{} } } }""", ApiJson.Compact.SecretStore)!).Warnings);

    [Fact]
    public void A_store_of_the_cluster_is_known_as_one() =>
        Assert.Equal("ClusterSecretStore /x: wrong", Rules.Check(JsonSerializer.Deserialize("""{"metadata":{"name":"x"},"spec":{"provider":{"vault":{"wrong":1}}}}""", ApiJson.Compact.ClusterSecretStore)!).Message);

    /// <summary>A SecretStore is for its own namespace, whatever its conditions say.</summary>
    [Fact]
    public void A_selector_that_cannot_be_read_is_refused_with_its_field_where_it_has_an_effect()
    {
        const string Spec = "{\"provider\":{\"vault\":{}},\"conditions\":[{},{\"namespaceSelector\":{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"in\"}]}}]}";
        Assert.Empty(Check(Spec).Refusals);
        var refusal = Assert.Single(Rules.Check(JsonSerializer.Deserialize($$"""{"metadata":{"name":"x"},"spec":{{Spec}} }""", ApiJson.Compact.ClusterSecretStore)!).Refusals);
        Assert.Equal("spec.conditions[1].namespaceSelector.matchExpressions[0].operator", refusal.Path);
    }

    private static RuleFinding Check(string spec) =>
        Rules.Check(JsonSerializer.Deserialize($$"""{"metadata":{"name":"x","namespace":"team-a"},"spec":{{spec}} }""", ApiJson.Compact.SecretStore)!);
}
