using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Providers.Declared;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>libsodium's sealed boxes. The boxes here were made with libsodium 1.0.18 (PyNaCl), with 1, 2, … 32 as the key of the message.</summary>
public sealed class SealedBoxTests
{
    private const string Recipient = "ZLEBsdC+WocEvQePmJUAH8A+jp+VIvGI3RKNmEbUhGY=";

    private static readonly byte[] Once = [.. Enumerable.Range(1, 32).Select(one => (byte)one)];

    [Theory]
    [InlineData("changeme", "B6N8vBQgk8i3VdwbEOhstCY3StFqqFPtC9/AsrhtHHyr9goj8omFE1NwmTUvPUsBmTtOwSlLMFA=")]
    [InlineData("", "B6N8vBQgk8i3VdwbEOhstCY3StFqqFPtC9/AsrhtHHwVdfZGiM2zOp+xngPsN7yO")]
    public void A_box_is_libsodiums_to_the_byte(string message, string box) =>
        Assert.Equal(box, Convert.ToBase64String(SealedBox.Seal(Convert.FromBase64String(Recipient), Encoding.UTF8.GetBytes(message), Once)));

    [Fact]
    public void A_long_box_is_too()
    {
        byte[] message = [.. Enumerable.Range(0, 512).Select(one => (byte)(one % 256))];
        Assert.Equal("1ddc408b929860012a1cf3d7aeb525678ed097455d3179977f787078c4b73ec3", Convert.ToHexStringLower(SHA256.HashData(SealedBox.Seal(Convert.FromBase64String(Recipient), message, Once))));
    }

    /// <summary>The first key of the example in Bernstein's "Cryptography in NaCl", §§4 and 5.</summary>
    [Fact]
    public void The_key_of_NaCls_own_example_comes_out()
    {
        var key = Convert.FromHexString("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
        SealedBox.DeriveKey(key);
        Assert.Equal("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389", Convert.ToHexStringLower(key));
    }

    [Fact]
    public void Each_box_has_a_key_of_its_own_and_opens()
    {
        var boxes = Enumerable.Range(0, 2).Select(_ => Convert.ToBase64String(SealedBox.Seal(Convert.FromBase64String(Recipient), "changeme"u8))).ToList();
        Assert.NotEqual(boxes[0], boxes[1]);
        Assert.All(boxes, box => Assert.Equal("changeme", RecordedKeys.Open(box)));
    }

    [Theory]
    [InlineData(31, "the public key to encrypt for is no X25519 key")]
    [InlineData(32, "the public key to encrypt for is a weak one")]
    public void A_key_that_is_none_is_refused(int size, string problem) =>
        Assert.Equal(problem, Assert.Throws<ProviderException>(() => SealedBox.Seal(new byte[size], "changeme"u8)).Message);
}
