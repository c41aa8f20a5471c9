using CsCheck;

namespace GitOpsSecrets.Api.Tests;

public sealed class Base64TextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("YQ==", "a")]
    [InlineData("YWI=", "ab")]
    [InlineData("YWJj", "abc")]
    [InlineData("YW\r\nJj\n", "abc")]
    [InlineData("YQ==\n", "a")]
    public void It_reads_what_go_reads(string text, string expected)
    {
        Assert.True(Base64Text.TryDecode(text, out var bytes, out _));
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(bytes));
    }

    [Theory]
    [InlineData("$$$", 0)]
    [InlineData("YQ", 0)]
    [InlineData("YQ=", 0)]
    [InlineData("YW Jj", 2)]
    [InlineData("YQ==YQ==", 4)]
    [InlineData("=", 0)]
    [InlineData("Y===", 1)]
    [InlineData("YWJj-_", 4)]
    public void It_refuses_what_go_refuses(string text, int offset)
    {
        Assert.False(Base64Text.TryDecode(text, out var bytes, out var at));
        Assert.Empty(bytes);
        Assert.Equal(offset, at);
    }

    [Fact]
    public void Whatever_is_encoded_is_decoded() =>
        Gen.Byte.Array.Sample(bytes => Base64Text.TryDecode(Convert.ToBase64String(bytes), out var again, out _) && again.AsSpan().SequenceEqual(bytes));
}
