namespace GitOpsSecrets.Providers.Tests;

public sealed class SecretValuesTests
{
    [Fact]
    public async Task What_was_collected_before_a_failure_is_zeroed()
    {
        var first = "secret"u8.ToArray();
        await Assert.ThrowsAsync<ProviderException>(() => SecretValues.CollectAsync(values =>
        {
            values.Set("first", first);
            throw new ProviderException(ProviderFailureKind.Denied, "no more");
        }));
        Assert.All(first, value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task What_is_gone_when_it_is_read_is_left_out_and_no_more_are_read_at_once_than_may_be()
    {
        var (now, most) = (0, 0);
        var gate = new Lock();
        using var values = await SecretValues.CollectAsync(Enumerable.Range(0, 20), 3, async (item, stop) =>
        {
            lock (gate) most = Math.Max(most, ++now);
            await Task.Yield();
            lock (gate) now--;
            return item % 2 == 0 ? ($"k{item}", [(byte)item]) : null;
        }, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 10).Select(half => $"k{half * 2}").Order(StringComparer.Ordinal), values.Keys);
        Assert.Equal([8], values.Find("k8"));
        Assert.InRange(most, 1, 3);
    }
}
