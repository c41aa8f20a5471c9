using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Tests.Runtime;

public sealed class ObjectCacheTests
{
    private static readonly NamespacedName A = new("team", "a");
    private static readonly NamespacedName B = new("team", "b");

    private readonly ObjectCache<string> cache = new();

    [Fact]
    public void Setting_and_removing_give_the_older_self()
    {
        Assert.Null(cache.Set(A, "one"));
        Assert.Equal("one", cache.Set(A, "two"));
        Assert.Equal("two", cache.Remove(A));
        Assert.Null(cache.Remove(A));
        Assert.False(cache.TryGet(A, out _));
    }

    [Fact]
    public void A_snapshot_does_not_change_afterwards()
    {
        cache.Set(A, "one");
        var snapshot = cache.Snapshot();
        cache.Set(B, "two");
        cache.Remove(A);

        Assert.Equal(["one"], snapshot);
        Assert.Equal([B], cache.Keys());
    }

    [Fact]
    public void An_index_follows_what_objects_say()
    {
        cache.Set(A, "red green");
        cache.AddIndex("colour", item => item.Split(' '));
        cache.Set(B, "green");
        Assert.Equal(["green", "red green"], cache.FindByIndex("colour", "green").Order(StringComparer.Ordinal));

        cache.Set(A, "blue");
        Assert.Equal(["green"], cache.FindByIndex("colour", "green"));
        Assert.Empty(cache.FindByIndex("colour", "red"));
        cache.Remove(A);
        Assert.Empty(cache.FindByIndex("colour", "blue"));
    }
}
