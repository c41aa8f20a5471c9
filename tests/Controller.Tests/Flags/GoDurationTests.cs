using GitOpsSecrets.Controller.Flags;

namespace GitOpsSecrets.Controller.Tests.Flags;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("720h", "30.00:00:00")]
    [InlineData("720h30m", "30.00:30:00")]
    [InlineData("1.5s", "00:00:01.5000000")]
    [InlineData("1h15m30.918273645s", "01:15:30.9182736")]
    [InlineData("2us", "00:00:00.0000020")]
    [InlineData("-3m", "-00:03:00")]
    [InlineData("0", "00:00:00")]
    [InlineData("87600h", "3650.00:00:00")]
    public void Durations_are_read_as_Go_reads_them(string text, string expected)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("1d")]
    [InlineData("h")]
    [InlineData("1 h")]
    [InlineData("1..5h")]
    [InlineData(".")]
    [InlineData("1h-1m")]
    [InlineData("999999999999h")]
    public void Anything_else_is_refused(string text) => Assert.False(GoDuration.TryParse(text, out _));

    [Theory]
    [InlineData("720h", "720h0m0s")]
    [InlineData("90s", "1m30s")]
    [InlineData("1500ms", "1.5s")]
    [InlineData("0", "0s")]
    public void A_duration_is_printed_as_Go_prints_it(string text, string expected)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(expected, GoDuration.Format(duration));
    }
}
