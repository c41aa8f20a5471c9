using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>A store that is asked for two keys at once.</summary>
public sealed class BatchTests
{
    [Fact]
    public async Task What_one_object_needs_is_asked_in_as_few_calls_as_the_store_bears()
    {
        await using var stage = await StageAsync();
        await StoreAsync(stage);
        await stage.ExternalAsync("db", ("a", "k0"), ("b", "k1"), ("c", "k2"), ("d", "k0"));
        var secret = await stage.SecretAsync("db");
        Assert.Equal(["a=v0", "b=v1", "c=v2", "d=v0"], secret.Data!.Select(item => $"{item.Key}={System.Text.Encoding.UTF8.GetString(item.Value!)}"));
        Assert.Equal(["k0+k1", "k2"], stage.Provider.Calls.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Two_objects_that_are_due_at_once_share_a_call()
    {
        await using var stage = await StageAsync();
        // Both wait for their store.
        await stage.ExternalAsync("one", ("a", "k0"));
        await stage.ExternalAsync("two", ("a", "k1"));
        await stage.ReadyAsync("one", "False");
        await stage.ReadyAsync("two", "False");
        await StoreAsync(stage);
        await stage.SecretAsync("one", "a", "v0");
        await stage.SecretAsync("two", "a", "v1");
        Assert.Equal(["k0+k1"], stage.Provider.Calls);
    }

    [Fact]
    public async Task A_key_that_is_not_there_or_denied_spoils_nothing_for_the_others_of_its_call()
    {
        await using var stage = await StageAsync();
        stage.Provider.Denied = "k1";
        await StoreAsync(stage);
        await stage.ExternalAsync("db", "{deletionPolicy: Merge}", "1h", ("a", "k0"), ("b", "absent"));
        Assert.Equal(["a"], (await stage.SecretAsync("db")).Data!.Keys);
        await stage.EventAsync("db", "MissingProviderSecret", "(key=absent)");
        await stage.ExternalAsync("locked", ("a", "k2"), ("b", "k1"));
        await stage.ReadyAsync("locked", "False", "error processing spec.data[1] (key: k1), err: nobody may read this");
        Assert.Equal(["absent+k0", "k1+k2"], stage.Provider.Calls.Take(2));
        // What was fetched beside it serves another.
        await stage.ExternalAsync("free", ("a", "k2"));
        await stage.SecretAsync("free", "a", "v2");
        Assert.DoesNotContain("k2", stage.Provider.Calls);
    }

    [Fact]
    public async Task A_call_that_fails_is_told_of_each_of_its_keys()
    {
        await using var stage = await StageAsync();
        await StoreAsync(stage);
        stage.Provider.Failure = new ProviderException(ProviderFailureKind.Unavailable, "the store does not answer");
        await stage.ExternalAsync("db", ("a", "k0"), ("b", "k1"));
        await stage.ReadyAsync("db", "False", "error processing spec.data[0] (key: k0), err: the store does not answer");
        stage.Provider.Failure = null;
        await stage.SecretAsync("db", "b", "v1");
        Assert.All(stage.Provider.Calls, call => Assert.Equal("k0+k1", call));
    }

    private static async Task<ExternalStage> StageAsync()
    {
        var stage = await ExternalStage.SetAsync(provider: new ScriptedProvider { Batches = true });
        for (var i = 0; i < 3; i++) stage.Provider.Values[$"k{i}"] = $"v{i}";
        await stage.StartAsync();
        return stage;
    }

    private static async Task StoreAsync(ExternalStage stage)
    {
        await stage.StoreAsync();
        await stage.StoreReadyAsync("store", "True");
    }
}
