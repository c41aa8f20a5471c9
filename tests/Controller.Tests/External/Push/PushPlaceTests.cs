using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.Runtime;
using Microsoft.Extensions.Time.Testing;
using static GitOpsSecrets.Controller.Tests.External.Push.PushStage;

namespace GitOpsSecrets.Controller.Tests.External.Push;

/// <summary>Several that go to one place, or to places that look like one; and sources that go.</summary>
public sealed class PushPlaceTests
{
    private const string ByLabel = "{secret: {selector: {matchLabels: {grp: g}}}}";

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_Secrets_for_one_place_are_refused_by_name_before_anything_is_written()
    {
        await using var stage = await StartedAsync();
        await LabelledAsync(stage, "s1", "x");
        await LabelledAsync(stage, "s2", "x");
        await PushFromAsync(stage, ByLabel, "data: [{match: {secretKey: x, remoteRef: {remoteKey: z}}}]");
        await ReadyAsync(stage, "False", "set secret failed: duplicate remote key z at SecretStore/one: Secret s1 and Secret s2 would both be written there");
        Assert.Empty(stage.Writable.Calls);
        await stage.PatchSecretAsync("s1", """{"metadata":{"labels":{"grp":null}}}""");
        await ReadyAsync(stage, "True");
        Assert.Equal("s2", stage.Writable.Values["one/z"]);
    }

    [Fact]
    public async Task A_key_and_a_property_that_have_one_name_in_the_status_are_told_apart_and_both_taken_back()
    {
        await using var stage = await StartedAsync();
        await stage.CreateSecretAsync("source", ("key", "one"), ("other", "two"));
        await PushAsync(stage, "deletionPolicy: Delete\n  data: [{match: {secretKey: key, remoteRef: {remoteKey: a/b}}}, {match: {secretKey: other, remoteRef: {remoteKey: a, property: b}}}]");
        Assert.Equal(["SecretStore/one a/b", "SecretStore/one a/b (property b)"], LyingIn(await ReadyAsync(stage, "True")));
        Assert.Equal(("one", "two"), (stage.Writable.Values["one/a/b"], stage.Writable.Values["one/a#b"]));
        await DeleteAsync(stage);
        await UntilAsync(stage, () => stage.Writable.Values.IsEmpty);
    }

    [Theory]
    [InlineData("a/b", null, "a", "b")]
    [InlineData("a", "b", "a/b", null)]
    [InlineData("k", null, "k", "p")]
    public async Task What_gets_the_place_or_the_name_of_another_is_pushed_when_that_is_taken_back(string key, string? property, string nextKey, string? nextProperty)
    {
        await using var stage = await StartedAsync();
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"deletionPolicy: Delete\n  data: [{Entry(key, property)}]");
        await ReadyAsync(stage, "True");
        await PatchAsync(stage, $$$"""{"spec":{"data":[{{{Entry(nextKey, nextProperty)}}}]}}""");
        var lies = await ReadyAsync(stage, "True");
        Assert.Equal([Place(nextKey, nextProperty)], stage.Writable.Values.Keys);
        Assert.Equal([$"push {Place(key, property)}", $"delete {Place(key, property)}", $"push {Place(nextKey, nextProperty)}"], stage.Writable.Calls);
        Assert.Single(LyingIn(lies));
    }

    [Fact]
    public async Task A_property_that_went_into_the_whole_of_its_key_is_not_taken_out_of_it()
    {
        await using var stage = await StartedAsync();
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"deletionPolicy: Delete\n  data: [{Entry("k", "key")}]");
        await ReadyAsync(stage, "True");
        await PatchAsync(stage, """{"spec":{"data":[{"match":{"remoteRef":{"remoteKey":"k"}}}]}}""");
        Assert.Equal(["SecretStore/one k"], LyingIn(await ReadyAsync(stage, "True")));
        Assert.Equal(["push one/k#key", "push one/k"], stage.Writable.Calls);
    }

    [Fact]
    public async Task A_property_renamed_where_there_are_none_does_not_take_back_what_was_written_just_now()
    {
        await using var stage = await StartedAsync();
        stage.Writable.IsFlat = true;
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"deletionPolicy: Delete\n  data: [{Entry("k", "before")}]");
        await ReadyAsync(stage, "True");
        await PatchAsync(stage, $$$"""{"spec":{"data":[{{{Entry("k", "after")}}}]}}""");
        Assert.Equal(["SecretStore/one k/after"], LyingIn(await ReadyAsync(stage, "True")));
        Assert.Equal(["one/k"], stage.Writable.Values.Keys);
    }

    /// <summary>Two workers are at it side by side.</summary>
    [Fact]
    public async Task What_many_PushSecrets_put_into_one_key_is_all_there()
    {
        await using var stage = await StartedAsync();
        stage.Writable.IsFlat = true;
        stage.Writable.Adds = true;
        string[] letters = ["a", "b", "c", "d", "e", "f", "g", "h"];
        foreach (var letter in letters)
        {
            await stage.CreateSecretAsync("source-" + letter, ("key", letter));
            await PushFromAsync(stage, $"{{secret: {{name: source-{letter}}}}}", $"data: [{Entry("shared", letter)}]", name: letter);
        }
        foreach (var letter in letters) await ReadyAsync(stage, "True", name: letter);
        Assert.Equal(letters, stage.Writable.Values["one/shared"].Select(letter => letter.ToString()).Order());
    }

    [Fact]
    public async Task What_one_PushSecret_takes_back_and_another_wants_there_is_pushed_again_at_once()
    {
        await using var stage = await StartedAsync();
        await stage.StoreReadyAsync("one", "True");
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"deletionPolicy: Delete\n  data: {Data}");
        await ReadyAsync(stage, "True");
        await PushFromAsync(stage, "{secret: {name: source}}", $"deletionPolicy: Delete\n  data: {Data}", name: "other");
        await ReadyAsync(stage, "True", name: "other");
        await DeleteAsync(stage, "other");
        await UntilAsync(stage, () => stage.Writable.Calls.ToArray() is [.., "delete one/remote", "push one/remote"] && stage.Writable.Values.ContainsKey("one/remote"));
    }

    [Fact]
    public async Task Items_that_are_no_text_are_named_when_they_are_pushed_inside_one()
    {
        await using var stage = await StartedAsync();
        await stage.Kube.CreateAsync(ClusterKinds.Secrets, new Secret
        {
            Metadata = new ObjectMeta { Namespace = ExternalStage.Namespace, Name = "source" },
            Data = new(StringComparer.Ordinal) { ["bin"] = [0xff, 0x00], ["text"] = Encoding.UTF8.GetBytes("é") },
        }, Ending);
        await PushAsync(stage, "dataTo: [{storeRef: {name: one}, remoteKey: all}]\n  data: [{match: {secretKey: bin, remoteRef: {remoteKey: alone}}}]");
        var told = await ReadyAsync(stage, "True");
        Assert.Equal("PushSecret synced successfully; pushed with U+FFFD for what is no text: bin of spec.dataTo[0] (SecretStore/one)", told.Status!.Conditions![0].Message);
    }

    [Fact]
    public async Task A_Secret_that_is_replaced_takes_nothing_along()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var (stage, controller) = await StartedAsync(time, "one");
        await using var taken = stage;
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"deletionPolicy: Delete\n  data: {Data}");
        await ReadyAsync(stage, "True");
        // Says that the Secret is gone, and is woken by the same event.
        await PushFromAsync(stage, "{secret: {name: source}}", "data: [{match: {secretKey: key, remoteRef: {remoteKey: other}}}]", name: "other");
        await ReadyAsync(stage, "True", name: "other");
        await stage.DeleteSecretAsync("source");
        await ReadyAsync(stage, "False", "could not get source secret", "other");
        await Eventually.TrueAsync(() => controller.External!.IsIdle, "rest");
        await stage.CreateSecretAsync("source", ("key", "two"));
        await UntilAsync(stage, () => stage.Writable.Values["one/remote"] == "two");
        Assert.Equal(["push one/remote", "push one/remote"], stage.Writable.Calls.Where(call => call.EndsWith("remote", StringComparison.Ordinal)));
        // And again, for good.
        await stage.DeleteSecretAsync("source");
        await ExternalStage.PassAsync(time, controller, TimeSpan.FromSeconds(1), () => !stage.Writable.Values.ContainsKey("one/remote"));
        await ReadyAsync(stage, "False", "source secret deleted; provider secrets cleaned up");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_pushed_of_Secrets_with_labels_goes_with_the_last_of_them(bool isDeleted)
    {
        await using var stage = await StartedAsync();
        await LabelledAsync(stage, "s1", "a");
        await LabelledAsync(stage, "s2", "b");
        await PushFromAsync(stage, ByLabel, "deletionPolicy: Delete\n  dataTo: [{storeRef: {name: one}}]");
        await ReadyAsync(stage, "True");
        await GoAsync("s1");
        await UntilAsync(stage, () => stage.Writable.Values.Keys.SequenceEqual(["one/b"]));
        await GoAsync("s2");
        Assert.Empty(LyingIn(await ReadyAsync(stage, "False", "source secret deleted; provider secrets cleaned up")));
        Assert.Empty(stage.Writable.Values);

        Task GoAsync(string name) => isDeleted ? stage.DeleteSecretAsync(name) : stage.PatchSecretAsync(name, """{"metadata":{"labels":{"grp":null}}}""");
    }

    private static Task LabelledAsync(ExternalStage stage, string name, string item) =>
        stage.ApplyAsync($"apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, labels: {{grp: g}}}}\nstringData: {{{item}: {name}}}");

    private static string Entry(string key, string? property) => "{\"match\":{\"secretKey\":\"key\",\"remoteRef\":{\"remoteKey\":\"" + key + (property is null ? "\"}}}" : $"\",\"property\":\"{property}\"}}}}}}");

    private static string Place(string key, string? property) => property is null ? $"one/{key}" : $"one/{key}#{property}";
}
