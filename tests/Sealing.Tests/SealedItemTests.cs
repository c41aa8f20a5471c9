using System.Buffers.Binary;
using CsCheck;

namespace GitOpsSecrets.Sealing.Tests;

public sealed class SealedItemTests
{
    [Fact]
    public void An_item_is_a_length_a_key_block_as_long_as_the_modulus_a_text_as_long_as_the_plaintext_and_a_tag()
    {
        using var key = Keys.Of(0);
        var item = key.Certificate!.Seal("abc"u8, "ns/name"u8);
        Assert.Equal(2 + 128 + 3 + 16, item.Length);
        Assert.Equal(128, BinaryPrimitives.ReadUInt16BigEndian(item));
    }

    [Fact]
    public void Sealing_the_same_value_twice_shares_no_block_and_no_text()
    {
        using var key = Keys.Of(0);
        var plaintext = new byte[64];
        Assert.True(SealedItem.TryParse(key.Certificate!.Seal(plaintext, []), out var first, out _));
        Assert.True(SealedItem.TryParse(key.Certificate.Seal(plaintext, []), out var second, out _));
        Assert.False(first.SealedSessionKey.SequenceEqual(second.SealedSessionKey));
        Assert.False(first.Ciphertext.SequenceEqual(second.Ciphertext));
    }

    [Fact]
    public void What_parses_writes_back_the_same_bytes() =>
        Gen.Select(Gen.Int[SealedItem.MinRsaBlock, 600], Gen.Byte.Array[16, 300]).Sample((block, rest) =>
        {
            byte[] item = [(byte)(block >> 8), (byte)(block & 0xFF), .. new byte[block], .. rest];
            Assert.True(SealedItem.TryParse(item, out var parsed, out _));
            Assert.Equal(item, parsed.ToArray());
            Assert.Equal(block * 8, parsed.KeyBits);
            Assert.Equal(rest.Length - 16, parsed.Ciphertext.Length);
        });

    [Fact]
    public void Any_bytes_parse_or_fail_as_a_value_and_every_proper_prefix_of_the_least_item_fails() =>
        Gen.Byte.Array[0, 400].Sample(bytes =>
        {
            var parses = SealedItem.TryParse(bytes, out var parsed, out var failure);
            Assert.Equal(parses, failure is null);
            if (parses) Assert.Equal(bytes, parsed.ToArray());
        });

    [Theory]
    [InlineData(0, 0, UnsealFailureKind.Malformed)]
    [InlineData(127, 127 + 16, UnsealFailureKind.UnsupportedKey)]
    [InlineData(2049, 2049 + 16, UnsealFailureKind.UnsupportedKey)]
    [InlineData(0xFFFF, 0xFFFF + 16, UnsealFailureKind.UnsupportedKey)]
    [InlineData(128, 128 + 15, UnsealFailureKind.Malformed)]
    [InlineData(0xFFFF, 100, UnsealFailureKind.Malformed)]
    public void A_block_that_is_no_RSA_block_we_read_is_refused_by_its_length(int block, int rest, UnsealFailureKind kind)
    {
        byte[] item = [(byte)(block >> 8), (byte)(block & 0xFF), .. new byte[rest]];
        Assert.False(SealedItem.TryParse(item, out _, out var failure));
        Assert.Equal(kind, failure.Kind);
    }

    [Fact]
    public void An_item_above_the_limit_is_refused_before_it_is_decoded()
    {
        Assert.False(SealedItem.TryParse(new byte[SealedItem.MaxItemSize + 1], out _, out var failure));
        Assert.Equal(UnsealFailureKind.Malformed, failure.Kind);
        Assert.False(SealedItem.TryDecode(new string('A', SealedItem.MaxItemSize * 3), out _, out failure));
        Assert.Contains("longer than", failure.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_breaks_inside_base64_are_skipped_and_other_characters_named_by_their_place()
    {
        using var key = Keys.Of(0);
        var item = key.Certificate!.Seal("x"u8, []);
        var text = string.Join("\r\n", Convert.ToBase64String(item).Chunk(64).Select(line => new string(line)));
        Assert.True(SealedItem.TryDecode(text, out var bytes, out _));
        Assert.Equal(item, bytes);
        Assert.False(SealedItem.TryDecode("AgB!", out _, out var failure));
        Assert.Equal("illegal base64 data at input byte 3", failure.Text);
    }
}
