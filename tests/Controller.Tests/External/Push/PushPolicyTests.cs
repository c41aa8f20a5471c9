using System.Text.Json;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Push;
using GitOpsSecrets.Controller.External.Refresh;
using GitOpsSecrets.Controller.External.Stores;

namespace GitOpsSecrets.Controller.Tests.External.Push;

/// <summary>What goes where, decided without a cluster.</summary>
public sealed class PushPolicyTests
{
    private static readonly string[] Keys = ["db-host", "db-pass", "other", "un_U002f_icode"];
    private static readonly StoreIdentity Store = new(SecretStore.SecretStoreKind, new("shop", "one"));

    [Theory]
    [InlineData("""{"data":[{"match":{"secretKey":"other","remoteRef":{"remoteKey":"r"}}}]}""", "other>r")]
    [InlineData("""{"data":[{"match":{"secretKey":"other","remoteRef":{"remoteKey":"r","property":"p"}}}]}""", "other>r/p")]
    [InlineData("""{"data":[{"match":{"remoteRef":{"remoteKey":"all"}}}]}""", ">all")]
    [InlineData("""{"data":[{"conversionStrategy":"ReverseUnicode","match":{"secretKey":"un/icode","remoteRef":{"remoteKey":"r"}}}]}""", "un/icode>r")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"}}]}""", "db-host>db-host db-pass>db-pass other>other un_U002f_icode>un_U002f_icode")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"match":{"regexp":"^db-"}}]}""", "db-host>db-host db-pass>db-pass")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"match":{"regexp":"^no"}}]}""", "")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"match":{"regexp":"^db-"},"rewrite":[{"regexp":{"source":"^db-(.*)","target":"prod/$1"}}]}]}""", "db-host>prod/host db-pass>prod/pass")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"match":{"regexp":"^db-"},"rewrite":[{"transform":{"template":"{{ .value | upper }}"}},{"regexp":{"source":"-","target":"_"}}]}]}""", "db-host>DB_HOST db-pass>DB_PASS")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"match":{"regexp":"^db-"},"remoteKey":"bundle"}]}""", "[db-host,db-pass]>bundle")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"remoteKey":"bundle"}]}""", "[db-host,db-pass,other,un_U002f_icode]>bundle")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"match":{"regexp":"^db-"},"remoteKey":"bundle"},{"storeRef":{"name":"one"},"match":{"regexp":"^db-"}}]}""", "[db-host,db-pass]>bundle db-host>db-host db-pass>db-pass")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"match":{"regexp":"^no"},"remoteKey":"bundle"}]}""", "")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"match":{"regexp":"icode"},"conversionStrategy":"ReverseUnicode"}]}""", "un/icode>un/icode")]
    [InlineData("""{"data":[{"conversionStrategy":"ReverseUnicode","match":{"secretKey":"BOT_UA_NAME","remoteRef":{"remoteKey":"r"}}},{"conversionStrategy":"ReverseUnicode","match":{"secretKey":"PRICE_UAE_AED","remoteRef":{"remoteKey":"s"}}},{"conversionStrategy":"ReverseUnicode","match":{"secretKey":"six_U00002f_","remoteRef":{"remoteKey":"t"}}},{"conversionStrategy":"ReverseUnicode","match":{"secretKey":"smile\ud83d\ude00","remoteRef":{"remoteKey":"u"}}}]}""", "BOT_UA_NAME>r PRICE_UAE_AED>s six_U00002f_>t smile\ud83d\ude00>u", "BOT_UA_NAME", "PRICE_UAE_AED", "six_U00002f_", "smile_U1f600_")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"two"}}]}""", "")]
    [InlineData("""{"dataTo":[{"storeRef":{"kind":"ClusterSecretStore","name":"one"}}]}""", "")]
    [InlineData("""{"dataTo":[{"storeRef":{"labelSelector":{"matchLabels":{"tier":"gold"}}},"match":{"regexp":"other"}}]}""", "other>other")]
    [InlineData("""{"dataTo":[{"storeRef":{"labelSelector":{"matchLabels":{"tier":"tin"}}}}]}""", "")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one","labelSelector":{"matchLabels":{"tier":"tin"}}},"match":{"regexp":"other"}}]}""", "other>other")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"two","labelSelector":{"matchLabels":{"tier":"gold"}}}}]}""", "")]
    [InlineData("""{"data":[{"match":{"secretKey":"db-host","remoteRef":{"remoteKey":"mine"}}}],"dataTo":[{"storeRef":{"name":"one"},"match":{"regexp":"^db-"}}]}""", "db-host>mine db-pass>db-pass")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"match":{"regexp":"host"}},{"storeRef":{"name":"one"},"match":{"regexp":"pass"}}]}""", "db-host>db-host db-pass>db-pass")]
    public void What_goes_to_a_store_is_what_data_and_dataTo_say(string spec, string expected, params string[] keys) =>
        Assert.Equal(expected, string.Join(' ', Plan(spec, keys.Length > 0 ? keys : null).Select(Shown)));

    [Theory]
    [InlineData("""{"data":[{"match":{"secretKey":"absent","remoteRef":{"remoteKey":"r"}}}]}""", "secret key absent does not exist")]
    [InlineData("""{"data":[{"match":{"secretKey":"other","remoteRef":{"remoteKey":"r"}}},{"match":{"secretKey":"db-host","remoteRef":{"remoteKey":"r"}}}]}""", "duplicate remote key r: more than one item would be written there: other (spec.data[0]) and db-host (spec.data[1]); change match or rewrite")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"rewrite":[{"regexp":{"source":".*","target":"same"}}]}]}""", "duplicate remote key same: more than one item would be written there: db-host (spec.dataTo[0]), db-pass (spec.dataTo[0]) and 2 more; change match or rewrite")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"match":{"regexp":"^db-"},"rewrite":[{"transform":{"template":"{{ .nope }}"}}]}]}""", "duplicate remote key <no value>: more than one item would be written there: db-host (spec.dataTo[0]) and db-pass (spec.dataTo[0]); change match or rewrite")]
    [InlineData("""{"data":[{"match":{"remoteRef":{"remoteKey":"r"}}}],"dataTo":[{"storeRef":{"name":"one"},"remoteKey":"r"}]}""", "duplicate remote key r: more than one item would be written there: several items (spec.data[0]) and several items (spec.dataTo[0]); change match or rewrite")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"match":{"regexp":"host"},"rewrite":[{"regexp":{"source":".*","target":"same"}}]},{"storeRef":{"name":"one"},"match":{"regexp":"pass"},"rewrite":[{"regexp":{"source":".*","target":"same"}}]}]}""", "duplicate remote key same")]
    [InlineData("""{"data":[{"match":{"secretKey":"other","remoteRef":{"remoteKey":"db-host"}}}],"dataTo":[{"storeRef":{"name":"one"}}]}""", "duplicate remote key db-host")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"match":{"regexp":"("}}]}""", "dataTo[0]: match.regexp: ")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"rewrite":[{"regexp":{"source":"(","target":""}}]}]}""", "dataTo[0]: rewrite.regexp.source: ")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"rewrite":[{"transform":{"template":"{{"}}]}]}""", "dataTo[0]: rewrite.transform: ")]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"},"rewrite":[{"regexp":{"source":"^other$","target":""}}]}]}""", "dataTo[0]: the rewritten name of key other is empty")]
    public void What_cannot_be_pushed_is_told_before_anything_is(string spec, string message) =>
        Assert.StartsWith(message, Assert.Throws<PushException>(() => Plan(spec)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"secretStoreRefs":[{"name":"one"}],"dataTo":[{"storeRef":{"name":"two"}}]}""", "dataTo[0]: storeRef SecretStore \"two\" is not in secretStoreRefs")]
    [InlineData("""{"secretStoreRefs":[{"name":"one"}],"dataTo":[{"storeRef":{"name":"one"}},{}]}""", "dataTo[1]: storeRef must specify either name or labelSelector")]
    [InlineData("""{"secretStoreRefs":[{"name":"one"}],"dataTo":[{"storeRef":{"name":"one"},"remoteKey":"r","rewrite":[{"regexp":{"source":"a","target":"b"}}]}]}""", "dataTo[0]: remoteKey and rewrite are mutually exclusive")]
    [InlineData("""{"secretStoreRefs":[{"name":"one"}],"dataTo":[{"storeRef":{"name":"one"},"rewrite":[{"transform":{"template":"x"}},{"regexp":{"source":"a","target":"b"},"transform":{"template":"x"}}]}]}""", "dataTo[0].rewrite[1]: exactly one of regexp or transform must be set")]
    [InlineData("""{"secretStoreRefs":[{"name":"one"}],"dataTo":[{"storeRef":{"name":"one"},"rewrite":[{}]}]}""", "dataTo[0].rewrite[0]: exactly one of regexp or transform must be set")]
    [InlineData("""{"secretStoreRefs":[{"name":"one"}],"dataTo":[{"storeRef":{"name":"one"}}]}""", null)]
    [InlineData("""{"secretStoreRefs":[{"labelSelector":{}}],"dataTo":[{"storeRef":{"name":"one"}}]}""", null)]
    public void A_dataTo_that_leads_nowhere_is_told(string spec, string? message)
    {
        var told = PushPolicy.Misdirected(Read(spec));
        if (message is null) Assert.Null(told);
        else Assert.StartsWith(message, told, StringComparison.Ordinal);
    }

    // secretStoreRefs, storeRef of a dataTo, what is told when the stores "one" (tier gold) and none are found
    [Theory]
    [InlineData("""{"name":"one"}""", """{"name":"one"}""", null, null)]
    [InlineData("""{"labelSelector":{}}""", """{"name":"one"}""", null, "dataTo[0]: storeRef SecretStore \"one\" is not in secretStoreRefs")]
    [InlineData("""{"labelSelector":{}}""", """{"name":"two"}""", "dataTo[0]: storeRef SecretStore \"two\" is not in secretStoreRefs", "dataTo[0]: storeRef SecretStore \"two\" is not in secretStoreRefs")]
    [InlineData("""{"name":"foreign"}""", """{"name":"foreign"}""", null, null)]
    [InlineData("""{"name":"one"}""", """{"labelSelector":{"matchLabels":{"tier":"gold"}}}""", null, null)]
    [InlineData("""{"name":"one"}""", """{"labelSelector":{"matchLabels":{"tier":"tin"}}}""", "dataTo[0]: labelSelector does not match any store in secretStoreRefs", null)]
    [InlineData("""{"name":"one"}""", """{"kind":"ClusterSecretStore","labelSelector":{"matchLabels":{"tier":"gold"}}}""", "dataTo[0]: labelSelector does not match any store in secretStoreRefs", null)]
    public void A_dataTo_for_none_of_the_stores_that_were_found_is_told(string known, string wanted, string? withOne, string? withNone)
    {
        var spec = Read($$"""{"secretStoreRefs":[{{known}}],"dataTo":[{"storeRef":{{wanted}}}]}""");
        Assert.Equal(withOne, PushPolicy.Unmet(spec, [(Store, new Dictionary<string, string> { ["tier"] = "gold" })]));
        Assert.Equal(withNone, PushPolicy.Unmet(spec, []));
    }

    [Theory]
    [InlineData("1h", "v", "v", 10, "m", "m", false)]
    [InlineData("1h", "v", "v", 61, "m", "m", true)]
    [InlineData("1h", "v", "w", 10, "m", "m", true)]
    [InlineData("0", "v", "w", 10, "m", "m", true)]
    [InlineData("0", "v", "v", 6000, "m", "m", false)]
    [InlineData("1h", null, "v", 10, "m", "m", true)]
    [InlineData("1h", "v", "v", 10, "m", "other", true)]
    [InlineData("0", "v", "v", 10, "m", "other", true)]
    [InlineData("1h", "v", "v", 10, "m", null, false)]
    [InlineData("1h", "v", "v", -10, "m", "m", true)]
    public void It_is_pushed_when_it_never_was_was_edited_its_source_changed_or_the_interval_is_over(
        string interval, string? synced, string version, int minutesAgo, string mark, string? last, bool due)
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(50);
        var inputs = new RefreshInputs("", GoDurationOf(interval), synced, version, now.AddMinutes(-minutesAgo), 0.5);
        Assert.Equal(due, PushPolicy.IsDue(inputs, mark, last, now));
    }

    [Fact]
    public void What_lies_at_a_store_and_is_wanted_no_more_is_taken_back()
    {
        var data = Read("""{"data":[{"match":{"remoteRef":{"remoteKey":"r"}}}]}""").Data![0];
        var before = new SortedDictionary<string, SortedDictionary<string, PushSecretData>> { ["SecretStore/one"] = new() { ["a"] = data, ["b"] = data }, ["SecretStore/two"] = new() { ["a"] = data } };
        var now = new SortedDictionary<string, SortedDictionary<string, PushSecretData>> { ["SecretStore/one"] = new() { ["a"] = data, ["c"] = data } };
        Assert.Equal([("SecretStore/one", "b"), ("SecretStore/two", "a")], PushPolicy.Removed(before, now).Select(entry => (entry.Store, entry.Name)));
    }

    private static TimeSpan GoDurationOf(string text) => Api.GoDuration.Parse(text).Value ?? TimeSpan.Zero;

    private static IReadOnlyList<PushEntry> Plan(string spec, IReadOnlyList<string>? keys = null) => PushPolicy.Plan(
        Read(spec), Store, new Dictionary<string, string> { ["tier"] = "gold" }, keys ?? Keys, TimeProvider.System, TestContext.Current.CancellationToken);

    private static string Shown(PushEntry entry) => $"{entry.SecretKey ?? (entry.Keys is null ? "" : $"[{string.Join(',', entry.Keys.Select(key => key.To))}]")}>{entry.Name}";

    private static PushSecretSpec Read(string spec) => JsonSerializer.Deserialize($$"""{"metadata":{},"spec":{{spec}}}""", Api.ApiJson.Compact.PushSecret)!.Spec;
}
