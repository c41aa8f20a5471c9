using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing.Tests;

/// <summary>Which key is current, and how many private operations finding the right one takes.</summary>
public sealed class KeyRingTests
{
    [Fact]
    public void The_newest_key_is_current_whatever_the_order_of_adding()
    {
        using var ring = KeyRing.Of([Keys.Of(1), Keys.Of(2), Keys.Of(0)]);
        Assert.Equal([2, 1, 0], ring.Keys.Select(key => (key.OrderingTime - Keys.Epoch).Days));
        Assert.Same(ring.Keys[0], ring.Current);
    }

    [Fact]
    public void Of_two_keys_of_the_same_time_the_first_added_is_current()
    {
        var (first, second) = (Made(0), Made(1));
        using var ring = KeyRing.Of([first, second]);
        Assert.Same(first, ring.Current);

        static SealingKey Made(int number)
        {
            using var key = Keys.Of(number);
            var (pem, certificate) = Keys.Pem(number);
            Assert.True(SealingPrivateKey.TryLoad(pem, out var privateKey, out _));
            Assert.True(SealingCertificate.TryLoad(certificate, out var loaded, out _));
            Assert.True(SealingKey.TryCreate(privateKey, loaded, Keys.Epoch, out var made, out _));
            return made;
        }
    }

    [Fact]
    public void The_same_key_twice_counts_once()
    {
        using var ring = KeyRing.Of([Keys.Of(0), Keys.Of(0)]);
        Assert.Single(ring.Keys);
    }

    [Fact]
    public void A_key_without_certificate_opens_but_is_never_current()
    {
        Assert.True(SealingPrivateKey.TryLoad(Keys.Pem(5).Key, out var recovery, out _));
        using var ring = KeyRing.Empty.With(new SealingKey(recovery, DateTimeOffset.MaxValue)).With(Keys.Of(0));
        Assert.Equal(2, ring.Keys.Count);
        Assert.Same(ring.Keys[1], ring.Current);
        Assert.Null(KeyRing.Empty.Current);
    }

    [Fact]
    public void With_and_without_leave_the_ring_they_start_from_as_it_is()
    {
        using var one = Keys.Ring(1);
        using var two = one.With(Keys.Of(1));
        Assert.Single(one.Keys);
        Assert.Equal(2, two.Keys.Count);
        var back = two.Without(two.Keys[0].Fingerprint);
        Assert.Equal(one.Keys, back.Keys);
        Assert.Same(back, back.Without("SHA256:unknown"));
    }

    [Fact]
    public void With_fifty_keys_a_hint_in_the_annotation_costs_one_operation_an_item()
    {
        using var ring = Keys.Ring(50);
        var oldest = ring.Keys[^1];
        var hinted = Samples.Seal(Samples.Secret(("a", "1"), ("b", "2"), ("c", "3")), oldest, hint: true);

        using var result = Unsealer.Unseal(hinted, ring, UnsealOptions.Default);

        Assert.True(result.Succeeded);
        Assert.Equal(3, result.PrivateOperations);
        Assert.Equal([oldest.Fingerprint], result.Opened.Fingerprints);
    }

    [Fact]
    public void With_fifty_keys_a_hint_of_the_caller_costs_one_operation_an_item()
    {
        using var ring = Keys.Ring(50);
        var sealedSecret = Samples.Seal(Samples.Secret(("a", "1"), ("b", "2")), ring.Keys[30]);

        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default with { KeyHints = [ring.Keys[30].Fingerprint] });

        Assert.Equal(2, result.PrivateOperations);
    }

    [Fact]
    public void Without_a_hint_the_newest_key_is_tried_first()
    {
        using var ring = Keys.Ring(50);
        using var result = Unsealer.Unseal(Samples.Seal(Samples.Secret(("a", "1"), ("b", "2")), ring.Current!), ring, UnsealOptions.Default);
        Assert.Equal(2, result.PrivateOperations);
    }

    [Fact]
    public void Without_a_hint_one_item_searches_and_its_siblings_profit()
    {
        using var ring = Keys.Ring(10);
        var sealedSecret = Samples.Seal(Samples.Secret(("a", "1"), ("b", "2"), ("c", "3")), ring.Keys[6]);
        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default);
        Assert.Equal(7 + 1 + 1, result.PrivateOperations);
    }

    [Fact]
    public void The_key_that_opened_the_last_object_is_tried_first_for_the_next()
    {
        using var ring = Keys.Ring(10);
        var sealedSecret = Samples.Seal(Samples.Secret(("a", "1")), ring.Keys[6]);
        using var first = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default);
        using var second = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default);
        Assert.Equal((7, 1), (first.PrivateOperations, second.PrivateOperations));
    }

    [Fact]
    public void A_wrong_hint_costs_one_operation_and_a_hint_of_no_key_of_ours_costs_none()
    {
        using var ring = Keys.Ring(3);
        var sealedSecret = Samples.Seal(Samples.Secret(("a", "1")), ring.Current!);
        using var wrong = Unsealer.Unseal(Hinted(ring.Keys[2].Fingerprint), ring, UnsealOptions.Default);
        Assert.Equal(2, wrong.PrivateOperations);
        using var fresh = Keys.Ring(3);
        using var unknown = Unsealer.Unseal(Hinted("SHA256:nobody"), fresh, UnsealOptions.Default);
        Assert.Equal(1, unknown.PrivateOperations);

        SealedSecret Hinted(string hint) => sealedSecret.WithMetadata(metadata => metadata with
        {
            Annotations = new(StringComparer.Ordinal) { [SealedSecretAnnotations.SealingKeyHint] = hint },
        });
    }

    [Fact]
    public void Keys_of_another_size_are_passed_over_without_an_operation()
    {
        using var ring = Keys.Ring(1).With(Keys.Of(1, 2048)).With(Keys.Of(2, 1536));
        using var result = Unsealer.Unseal(Samples.Seal(Samples.Secret(("a", "1")), ring.Keys[2]), ring, UnsealOptions.Default);
        Assert.True(result.Succeeded);
        Assert.Equal(1, result.PrivateOperations);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void A_disposed_key_opens_nothing_and_says_so_plainly_however_many_items_there_are(int items)
    {
        var ring = Keys.Ring(1);
        var sealedSecret = Samples.Seal(Samples.Secret([.. Enumerable.Range(0, items).Select(i => ($"k{i}", "v"))]), ring.Current!);
        ring.Dispose();
        var options = UnsealOptions.Default with { Parallelism = 4 };
        Assert.Throws<ObjectDisposedException>(() => Unsealer.Unseal(sealedSecret, ring, options).Dispose());
    }

    [Fact]
    public void Many_threads_share_a_ring()
    {
        using var ring = Keys.Ring(4);
        var objects = ring.Keys.Select(key => Samples.Seal(Samples.Secret(("a", key.Fingerprint), ("b", "2")), key)).ToArray();
        Parallel.For(0, 64, i =>
        {
            using var result = Unsealer.Unseal(objects[i % objects.Length], ring, UnsealOptions.Default);
            Assert.Equal(ring.Keys[i % objects.Length].Fingerprint, result.Opened!.Text("a"));
        });
    }
}
