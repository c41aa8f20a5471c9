using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Providers.Rules;

namespace GitOpsSecrets.Controller.Tests.External.Admission;

public sealed class ExternalSecretRulesTests
{
    private const string Data = "\"data\":[{\"secretKey\":\"a\",\"remoteRef\":{\"key\":\"k\"}}]";

    [Theory]
    [InlineData("{" + Data + "}")]
    [InlineData("{\"dataFrom\":[{\"extract\":{\"key\":\"k\"}}]}")]
    [InlineData("{\"dataFrom\":[{\"find\":{\"name\":{\"regexp\":\".\"}},\"sourceRef\":{\"storeRef\":{\"name\":\"s\"}}}]}")]
    [InlineData("{\"dataFrom\":[{\"sourceRef\":{\"storeRef\":{\"name\":\"s\"}}}]}")]
    [InlineData("{\"dataFrom\":[{\"sourceRef\":{\"generatorRef\":{\"kind\":\"UUID\",\"name\":\"u\"}}}]}")]
    [InlineData("{\"target\":{\"deletionPolicy\":\"Delete\"}," + Data + "}")]
    [InlineData("{\"target\":{\"deletionPolicy\":\"Delete\",\"creationPolicy\":\"Orphan\"}," + Data + "}")]
    [InlineData("{\"target\":{\"deletionPolicy\":\"Merge\",\"creationPolicy\":\"Merge\"}," + Data + "}")]
    [InlineData("{\"target\":{\"deletionPolicy\":\"Delete\"},\"data\":[{\"secretKey\":\"a\",\"remoteRef\":{\"key\":\"k\"}},{\"secretKey\":\"a\",\"remoteRef\":{\"key\":\"l\"}}]}")]
    [InlineData("{\"target\":{\"template\":{\"type\":\"kubernetes.io/service-account-token\"}}," + Data + "}")]
    [InlineData("{\"target\":{\"template\":{\"templateFrom\":[{\"literal\":\"a: b\"},{\"target\":\"labels\",\"literal\":\"a: b\"},{\"target\":\"ANNOTATIONS\",\"literal\":\"a: b\"}]}}," + Data + "}")]
    [InlineData("{\"target\":{\"manifest\":{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\"},\"template\":{\"templateFrom\":[{\"target\":\"spec.template\",\"literal\":\"a: b\"}]}}," + Data + "}")]
    [InlineData("{\"refreshInterval\":\"-1h\"," + Data + "}")]
    [InlineData("{\"syncWindows\":{\"kind\":\"allow\",\"windows\":[{\"schedule\":\"0\\t8 * * mon-fri\",\"duration\":\"2h\"},{\"schedule\":\"@weekly\",\"duration\":\"0s\"},{\"schedule\":\"@every 500ms\",\"duration\":\"1s\"}]}," + Data + "}")]
    [InlineData("{\"data\":[{\"secretKey\":\"a\",\"remoteRef\":{\"key\":\"k\"},\"sourceRef\":{\"storeRef\":{\"name\":\"s\"}}}]}")]
    public void What_the_original_takes_is_taken(string spec) => Assert.Empty(Check(spec));

    [Theory]
    [InlineData("{}", "spec", "either data or dataFrom should be specified")]
    [InlineData("{\"data\":[],\"dataFrom\":[]}", "spec", "either data or dataFrom should be specified")]
    [InlineData("{\"target\":{\"deletionPolicy\":\"Delete\",\"creationPolicy\":\"Merge\"}," + Data + "}", "spec.target.deletionPolicy", "deletionPolicy=Delete must not be used when the controller doesn't own the secret. Please set creationPolicy=Owner")]
    [InlineData("{\"target\":{\"deletionPolicy\":\"Delete\",\"creationPolicy\":\"None\"}," + Data + "}", "spec.target.deletionPolicy", "deletionPolicy=Delete must not be used when the controller doesn't own the secret. Please set creationPolicy=Owner")]
    [InlineData("{\"target\":{\"deletionPolicy\":\"Delete\",\"creationPolicy\":\"CreateOrMerge\"}," + Data + "}", "spec.target.deletionPolicy", "deletionPolicy=Delete must not be used when the controller doesn't own the secret. Please set creationPolicy=Owner")]
    [InlineData("{\"target\":{\"deletionPolicy\":\"Merge\",\"creationPolicy\":\"None\"}," + Data + "}", "spec.target.deletionPolicy", "deletionPolicy=Merge must not be used with creationPolicy=None. There is no Secret to merge with")]
    [InlineData("{\"target\":{\"template\":{\"type\":\"bootstrap.kubernetes.io/token\"}}," + Data + "}", "spec.target.template.type", "template.type=\"bootstrap.kubernetes.io/token\" is not allowed")]
    [InlineData("{\"target\":{\"template\":{\"type\":\"kubernetes.io/service-account-token\",\"metadata\":{\"annotations\":{\"kubernetes.io/service-account.name\":\"x\"}}}}," + Data + "}", "spec.target.template.type", "template.type=\"kubernetes.io/service-account-token\" with annotation \"kubernetes.io/service-account.name\" is not allowed")]
    [InlineData("{\"target\":{\"template\":{\"type\":\"kubernetes.io/service-account-token\",\"templateFrom\":[{\"target\":\"annotations\",\"literal\":\"a: b\"}]}}," + Data + "}", "spec.target.template.type", "template.type=\"kubernetes.io/service-account-token\" with templateFrom target=\"Annotations\" is not allowed")]
    [InlineData("{\"target\":{\"manifest\":{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\"},\"template\":{\"type\":\"bootstrap.kubernetes.io/token\"}}," + Data + "}", "spec.target.template.type", "template.type=\"bootstrap.kubernetes.io/token\" is not allowed")]
    [InlineData("{\"target\":{\"template\":{\"templateFrom\":[{\"literal\":\"a: b\"},{\"target\":\"metadata.ownerReferences\",\"literal\":\"a: b\"}]}}," + Data + "}", "spec.target.template.templateFrom[1].target", "templateFrom target=\"metadata.ownerReferences\" is not allowed when targeting a Secret, must be one of \"Data\", \"Annotations\" or \"Labels\"")]
    [InlineData("{\"target\":{\"manifest\":{\"apiVersion\":\"v1\",\"kind\":\"Secret\"},\"template\":{\"templateFrom\":[{\"target\":\"type\",\"literal\":\"a: b\"}]}}," + Data + "}", "spec.target.template.templateFrom[0].target", "templateFrom target=\"type\" is not allowed when targeting a Secret, must be one of \"Data\", \"Annotations\" or \"Labels\"")]
    [InlineData("{\"dataFrom\":[{\"extract\":{\"key\":\"k\"},\"find\":{}}]}", "spec.dataFrom[0]", "extract, find, or generatorRef cannot be set at the same time")]
    [InlineData("{\"dataFrom\":[{\"extract\":{\"key\":\"k\"}},{\"extract\":{\"key\":\"k\"},\"sourceRef\":{\"generatorRef\":{\"kind\":\"UUID\",\"name\":\"u\"}}}]}", "spec.dataFrom[1]", "extract, find, or generatorRef cannot be set at the same time")]
    [InlineData("{\"dataFrom\":[{}]}", "spec.dataFrom[0]", "either extract, find, or sourceRef must be set to dataFrom")]
    [InlineData("{\"dataFrom\":[{\"sourceRef\":{}}]}", "spec.dataFrom[0].sourceRef", "generatorRef or storeRef must be set when using sourceRef in dataFrom")]
    [InlineData("{\"data\":[{\"secretKey\":\"a\",\"remoteRef\":{\"key\":\"k\"}},{\"secretKey\":\"a\",\"remoteRef\":{\"key\":\"l\"}}]}", "spec.data[1].secretKey", "duplicate secretKey found: a")]
    [InlineData("{\"refreshInterval\":\"soon\"," + Data + "}", "spec.refreshInterval", "invalid refreshInterval \"soon\": time: invalid duration \"soon\"")]
    [InlineData("{\"syncWindows\":{\"kind\":\"deny\",\"windows\":[{\"schedule\":\"@daily\",\"duration\":\"2\"}]}," + Data + "}", "spec.syncWindows.windows[0].duration", "invalid duration \"2\": time: missing unit in duration \"2\"")]
    public void What_the_original_refuses_is_refused_in_its_words_with_the_field(string spec, string path, string message)
    {
        var refusal = Assert.Single(Check(spec));
        Assert.Equal((path, message), (refusal.Path, refusal.Message));
    }

    [Theory]
    [InlineData("allow", "0 8 * *", "1h")]
    [InlineData("deny", "0 25 * * *", "1h")]
    [InlineData("allow", "@dayly", "1h")]
    [InlineData("allow", "@every day", "1h")]
    [InlineData("allow", "CRON_TZ=Europe/Berlin 0 8 * * *", "1h")]
    [InlineData("allow", "", "1h")]
    public void A_schedule_that_is_none_is_refused_with_its_field(string kind, string schedule, string duration)
    {
        var refusal = Assert.Single(Check($$$"""{"syncWindows":{"kind":"{{{kind}}}","windows":[{"schedule":"@daily","duration":"1h"},{"schedule":"{{{schedule}}}","duration":"{{{duration}}}"}]},{{{Data}}}}"""));
        Assert.Equal("spec.syncWindows.windows[1].schedule", refusal.Path);
        Assert.StartsWith($"invalid schedule \"{schedule}\": must be five fields in UTC", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_that_is_shorter_than_nothing_is_refused() =>
        Assert.Equal("spec.syncWindows.windows[0].duration", Assert.Single(Check("{\"syncWindows\":{\"kind\":\"allow\",\"windows\":[{\"schedule\":\"@daily\",\"duration\":\"-1h\"}]}," + Data + "}")).Path);

    [Fact]
    public void A_generator_of_one_entry_of_data_is_refused_and_no_store_is_read_in_its_place()
    {
        var refusal = Assert.Single(Check("""{"secretStoreRef":{"name":"s"},"data":[{"secretKey":"a","remoteRef":{"key":"k"}},{"secretKey":"b","remoteRef":{"key":"k"},"sourceRef":{"generatorRef":{"kind":"Password","name":"p"}}}]}"""));
        Assert.Equal("spec.data[1].sourceRef.generatorRef", refusal.Path);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once() =>
        Assert.Equal(
            ["spec.target.deletionPolicy", "spec.target.template.templateFrom[0].target", "spec.dataFrom[0]"],
            Check("""{"target":{"deletionPolicy":"Delete","creationPolicy":"None","template":{"templateFrom":[{"target":"x","literal":"a: b"}]}},"dataFrom":[{}]}""").Select(refusal => refusal.Path));

    private static IReadOnlyList<RuleRefusal> Check(string spec) =>
        ExternalSecretRules.Check(JsonSerializer.Deserialize($$"""{"metadata":{"name":"x"},"spec":{{spec}} }""", ApiJson.Compact.ExternalSecret)!).Refusals;
}
