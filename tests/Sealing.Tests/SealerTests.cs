using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing.Tests;

public sealed class SealerTests : IDisposable
{
    private readonly SealingKey key = Keys.Of(0);

    public void Dispose() => key.Dispose();

    [Fact]
    public void The_key_hint_is_written_only_when_told()
    {
        Assert.Null(Samples.Seal(Samples.Secret(("k", "v")), key).Metadata.Annotations);
        var hinted = Samples.Seal(Samples.Secret(("k", "v")), key, hint: true);
        Assert.Equal(key.Fingerprint, hinted.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint));
        Assert.Null(hinted.Spec.Template!.Metadata!.Annotations);
    }

    [Fact]
    public void A_string_wins_over_data_of_the_same_name()
    {
        var secret = Samples.Secret(("k", "from data")) with { StringData = new(StringComparer.Ordinal) { ["k"] = "from strings" } };
        using var ring = Keys.Ring(1);
        using var result = Unsealer.Unseal(Samples.Seal(secret, key), ring, UnsealOptions.Default);
        Assert.Equal("from strings", result.Opened!.Text("k"));
    }

    [Theory]
    [InlineData(SealingScope.Strict)]
    [InlineData(SealingScope.NamespaceWide)]
    public void A_scope_that_needs_a_namespace_refuses_a_secret_without_one(SealingScope scope)
    {
        var secret = Samples.Secret(scope, ("k", "v"));
        var result = Sealer.Seal(secret with { Metadata = secret.Metadata with { Namespace = null } }, key.Certificate!, hint: false);
        Assert.Equal(new SealingFailure(SealingFailureKind.MissingNamespace, "secret must declare a namespace"), result.Failure);
    }

    [Fact]
    public void The_largest_secret_seals_and_one_byte_more_is_refused_by_name_and_size()
    {
        byte[] half = new byte[SealedItem.MaxSealedPlaintext / 2];
        var fits = Samples.Secret() with { Data = Samples.Map([("a", half), ("b", half)]) };
        Assert.True(Sealer.Seal(fits, key.Certificate!, hint: false).Succeeded);

        var over = fits with { Data = Samples.Map([("a", half), ("b", half), ("c", [1])]) };
        var failure = Sealer.Seal(over, key.Certificate!, hint: false).Failure;
        Assert.Equal(SealingFailureKind.TooLarge, failure?.Kind);
        Assert.Contains("\"c\"", failure!.Message, StringComparison.Ordinal);
        Assert.Contains("1048576", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_raw_value_of_ten_mebibytes_is_refused()
    {
        Assert.False(Sealer.TrySealItem(new byte[10 << 20], SealingScope.ClusterWide, null, null, key.Certificate!, out var item, out var failure));
        Assert.Null(item);
        Assert.Equal(SealingFailureKind.TooLarge, failure.Kind);
    }

    [Fact]
    public void What_was_sealed_larger_elsewhere_still_opens_and_reseals()
    {
        var big = new byte[10 << 20];
        big[^1] = 7;
        var label = SealingScopes.Label(SealingScope.Strict, "team-a", "db");
        var sealedSecret = Samples.Seal(Samples.Secret(("k", "v")), key).WithItem("k", Convert.ToBase64String(key.Certificate!.Reseal(big, label)));
        using var ring = Keys.Ring(1);
        using var other = Keys.Of(1);

        var resealed = Resealer.Reseal(sealedSecret, ring, other.Certificate!, hint: false, UnsealOptions.Default);

        Assert.Null(resealed.Failure);
        using var both = Keys.Ring(2);
        using var result = Unsealer.Unseal(resealed.SealedSecret, both, UnsealOptions.Default);
        Assert.True(result.Opened!.Secret.Data!["k"].AsSpan().SequenceEqual(big));
    }

    [Fact]
    public void The_input_secret_keeps_its_values()
    {
        var secret = Samples.Secret(("k", "v"));
        _ = Sealer.Seal(secret, key.Certificate!, hint: false);
        Assert.Equal("v"u8.ToArray(), secret.Data!["k"]);
    }
}
