using CsCheck;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing.Tests;

/// <summary>Whatever is sealed opens to the same bytes in its place, and nowhere else.</summary>
public sealed class RoundTripTests
{
    private static readonly Gen<string> Name = Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789-."], 1, 40];
    private static readonly Gen<SealingScope> Scope = Gen.Enum<SealingScope>();
    private static readonly Gen<(string Name, byte[] Value)[]> Items = Gen.Select(Name, Gen.Byte.Array[0, 2000], (name, value) => (name, value)).Array[0, 4];

    [Theory]
    [InlineData(1024)]
    [InlineData(1536)]
    [InlineData(2048)]
    [InlineData(3072)]
    public void Any_bytes_in_any_scope_open_to_themselves(int bits)
    {
        using var ring = Keys.Ring(1, bits);
        Gen.Select(Name, Name, Scope, Items, Gen.Bool).Sample(
            (ns, name, scope, items, hint) =>
            {
                var metadata = SealingScopes.Annotate(new ObjectMeta { Name = name, Namespace = ns }, scope);
                var secret = new Secret { Metadata = metadata, Data = Samples.Map(items), Type = "Opaque" };
                var sealedSecret = Samples.Seal(secret, ring.Current!, hint);

                using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default with { Parallelism = 1 });

                Assert.True(result.Succeeded, result.Failure?.Explanation);
                Assert.Equal(secret.Data, result.Opened.Secret.Data);
                Assert.Equal((name, ns, "Opaque"), (result.Opened.Secret.Metadata.Name, result.Opened.Secret.Metadata.Namespace, result.Opened.Secret.Type));
            },
            iter: bits > 2048 ? 20 : 60);
    }

    [Fact]
    public void A_value_opens_elsewhere_exactly_when_the_label_is_the_same()
    {
        using var ring = Keys.Ring(1);
        Gen.Select(Name, Name, Scope, Name, Name, Scope).Sample(
            (ns, name, scope, otherNs, otherName, otherScope) =>
            {
                var item = Sealer.SealItem("v"u8, scope, ns, name, ring.Current!.Certificate!);
                var moved = new SealedSecret
                {
                    Metadata = SealingScopes.Annotate(new ObjectMeta { Name = otherName, Namespace = otherNs }, otherScope),
                    Spec = new SealedSecretSpec { EncryptedData = new(StringComparer.Ordinal) { ["k"] = item } },
                };
                using var result = Unsealer.Unseal(moved, ring, UnsealOptions.Default);
                var same = SealingScopes.Label(scope, ns, name).AsSpan().SequenceEqual(SealingScopes.Label(otherScope, otherNs, otherName));
                Assert.Equal(same, result.Succeeded);
            },
            iter: 100);
    }

    [Fact]
    public void Every_single_bit_flip_of_an_item_is_refused()
    {
        using var ring = Keys.Ring(1);
        var secret = Samples.Secret(("k", "v"));
        var sealedSecret = Samples.Seal(secret, ring.Current!);
        var item = Convert.FromBase64String(sealedSecret.Spec.EncryptedData!["k"]);
        for (var bit = 0; bit < item.Length * 8; bit++)
        {
            var flipped = (byte[])item.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            using var result = Unsealer.Unseal(
                sealedSecret.WithItem("k", Convert.ToBase64String(flipped)), ring, UnsealOptions.Default with { DiagnosisOperations = 0 });
            Assert.False(result.Succeeded, $"bit {bit} flipped, and it opens");
            Assert.Equal(ItemFailure.NoKeyText, result.Failure.Items["k"].Text);
        }
    }

    [Fact]
    public void Every_truncation_and_every_extension_of_an_item_is_refused()
    {
        using var ring = Keys.Ring(1);
        var sealedSecret = Samples.Seal(Samples.Secret(("k", "value")), ring.Current!);
        var item = Convert.FromBase64String(sealedSecret.Spec.EncryptedData!["k"]);
        var wrong = Enumerable.Range(0, item.Length).Select(length => item[..length]).Append([.. item, 0]);
        foreach (var bytes in wrong)
        {
            using var result = Unsealer.Unseal(sealedSecret.WithItem("k", Convert.ToBase64String(bytes)), ring, UnsealOptions.Default);
            Assert.False(result.Succeeded, $"{bytes.Length} of {item.Length} bytes open");
        }
    }

    [Fact]
    public void A_renamed_item_still_opens()
    {
        using var ring = Keys.Ring(1);
        var sealedSecret = Samples.Seal(Samples.Secret(("before", "v")), ring.Current!);
        var items = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["after"] = sealedSecret.Spec.EncryptedData!["before"] };

        using var result = Unsealer.Unseal(sealedSecret with { Spec = sealedSecret.Spec with { EncryptedData = items } }, ring, UnsealOptions.Default);

        Assert.Equal("v", result.Opened!.Text("after"));
    }
}
