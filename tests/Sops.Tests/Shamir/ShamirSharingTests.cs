using CsCheck;
using GitOpsSecrets.Sops.Shamir;

namespace GitOpsSecrets.Sops.Tests.Shamir;

public sealed class ShamirSharingTests
{
    [Fact]
    public void Any_shares_up_to_the_threshold_give_the_secret() =>
        Gen.Select(Gen.Byte.Array[1, 40], Gen.Int[2, 8], Gen.Int[2, 8], Gen.Int[0, 1000]).Sample((secret, a, b, shift) =>
        {
            var (threshold, count) = (Math.Min(a, b), Math.Max(a, b));
            var shares = ShamirSharing.Split(secret, count, threshold);
            var chosen = Enumerable.Range(0, threshold).Select(i => shares[(i + shift) % count]).ToList();
            Assert.Equal(secret, ShamirSharing.Combine(chosen));
            Assert.Equal(secret, ShamirSharing.Combine(shares));
        }, iter: 200);

    [Fact]
    public void Fewer_shares_give_something_else()
    {
        var secret = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        var shares = ShamirSharing.Split(secret, 5, 3);
        Assert.NotEqual(secret, ShamirSharing.Combine([shares[0], shares[4]]));
    }

    [Fact]
    public void Shares_that_cannot_belong_together_are_refused()
    {
        var shares = ShamirSharing.Split(new byte[32], 3, 2);
        byte[] zero = [.. shares[0][..^1], 0];
        IReadOnlyList<byte[]>[] bad = [[shares[0]], [shares[0], shares[0]], [shares[0], zero], [shares[0], shares[1][1..]]];
        foreach (var set in bad) Assert.Equal(SopsFailure.DataKey, Assert.Throws<SopsException>(() => ShamirSharing.Combine(set)).Failure);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(3, 4)]
    [InlineData(256, 2)]
    public void A_threshold_that_does_not_fit_is_refused(int count, int threshold) =>
        Assert.Throws<SopsException>(() => ShamirSharing.Split(new byte[4], count, threshold));

    [Fact]
    public void Division_undoes_multiplication()
    {
        for (var a = 0; a < 256; a++)
        {
            for (var b = 1; b < 256; b++) Assert.Equal(a, GaloisField.Divide(GaloisField.Multiply((byte)a, (byte)b), (byte)b));
        }
    }

    /// <summary>FIPS 197 §4.2.</summary>
    [Fact]
    public void The_field_is_that_of_AES() => Assert.Equal(0xC1, GaloisField.Multiply(0x57, 0x83));
}
