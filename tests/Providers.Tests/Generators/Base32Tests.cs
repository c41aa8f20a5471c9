using System.Text;
using GitOpsSecrets.Providers.Generators;

namespace GitOpsSecrets.Providers.Tests.Generators;

public sealed class Base32Tests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY======")]
    [InlineData("fo", "MZXQ====")]
    [InlineData("foo", "MZXW6===")]
    [InlineData("foob", "MZXW6YQ=")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI======")]
    public void The_vectors_of_the_RFC_hold_both_ways(string bytes, string text)
    {
        Assert.Equal(text, Encoding.ASCII.GetString(Base32.Encode(Encoding.ASCII.GetBytes(bytes))));
        Assert.Equal(bytes, Decode(text));
        Assert.Equal(bytes, Decode(text.TrimEnd('=')));
    }

    [Fact]
    public void Bytes_of_every_value_come_back()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        using var read = new SecretBuffer();

        Assert.True(Base32.TryDecode(Base32.Encode(all), read));
        Assert.Equal(all, read.ToArray());
    }

    [Theory]
    [InlineData("mzxw 6ytb\r\n\toi\n")]
    [InlineData("MZXW6YTBOI======\n")]
    public void Text_as_people_copy_it_is_read(string text) => Assert.Equal("foobar", Decode(text));

    [Theory]
    [InlineData("M")]
    [InlineData("MZX")]
    [InlineData("MZXW6Y")]
    [InlineData("MZXW6YT1")]
    [InlineData("MY==MY")]
    [InlineData("MZXW-6YTB")]
    public void Text_that_is_no_base32_is_told(string text) => Assert.Null(Decode(text));

    private static string? Decode(string text)
    {
        using var bytes = new SecretBuffer();
        return Base32.TryDecode(Encoding.ASCII.GetBytes(text), bytes) ? Encoding.ASCII.GetString(bytes.Written) : null;
    }
}
