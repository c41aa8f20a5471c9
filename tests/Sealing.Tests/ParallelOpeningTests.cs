using GitOpsSecrets.Sealing.Rsa;

namespace GitOpsSecrets.Sealing.Tests;

/// <summary>Items of one object open at the same time, as many as the options allow.</summary>
public sealed class ParallelOpeningTests
{
    [Fact]
    public void Items_of_one_object_open_at_the_same_time()
    {
        using var meeting = new Barrier(2);
        // Each operation waits for another one: opening one after the other would never get past the first.
        using var ring = Ring(() => Assert.True(meeting.SignalAndWait(TimeSpan.FromMinutes(5)), "no second operation came"));
        var sealedSecret = Samples.Seal(Samples.Secret(("a", "1"), ("b", "2")), ring.Current!);

        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default with { Parallelism = 2 });

        Assert.Equal(("1", "2"), (result.Opened!.Text("a"), result.Opened!.Text("b")));
    }

    [Fact]
    public void No_more_items_open_at_a_time_than_the_options_allow()
    {
        var (inside, most) = (0, 0);
        using var ring = Ring(() =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Thread.Yield();
            Interlocked.Decrement(ref inside);
        });
        var items = Enumerable.Range(0, 16).Select(i => ($"k{i}", "v")).ToArray();

        using var result = Unsealer.Unseal(Samples.Seal(Samples.Secret(items), ring.Current!), ring, UnsealOptions.Default with { Parallelism = 1 });

        Assert.True(result.Succeeded);
        Assert.Equal(1, most);
    }

    private static KeyRing Ring(Action atOperation)
    {
        var (pem, certificate) = Keys.Pem(0);
        Assert.True(SealingPrivateKey.TryLoad(pem, pkcs1 => new Watched(OaepBackend.Load(pkcs1), atOperation), out var privateKey, out _));
        Assert.True(SealingCertificate.TryLoad(certificate, out var loaded, out _));
        Assert.True(SealingKey.TryCreate(privateKey, loaded, null, out var key, out _));
        return KeyRing.Of([key]);
    }

    /// <summary>The real backend, watched at its door.</summary>
    private sealed class Watched(IOaepDecryptor real, Action atOperation) : IOaepDecryptor
    {
        public bool TryDecrypt(ReadOnlySpan<byte> block, ReadOnlySpan<byte> label, Span<byte> message, out int written)
        {
            atOperation();
            return real.TryDecrypt(block, label, message, out written);
        }

        public void Dispose() => real.Dispose();
    }
}
