using System.Globalization;
using System.Text.Json;

namespace GitOpsSecrets.Api.Tests;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0", "00:00:00")]
    [InlineData("0s", "00:00:00")]
    [InlineData("-0", "00:00:00")]
    [InlineData("1h", "01:00:00")]
    [InlineData("1h30m", "01:30:00")]
    [InlineData("1h0m0s", "01:00:00")]
    [InlineData("90m", "01:30:00")]
    [InlineData("1.5h", "01:30:00")]
    [InlineData(".5s", "00:00:00.5")]
    [InlineData("5.s", "00:00:05")]
    [InlineData("+5s", "00:00:05")]
    [InlineData("-1h30m", "-01:30:00")]
    [InlineData("100ms", "00:00:00.1")]
    [InlineData("3us", "00:00:00.000003")]
    [InlineData("3\u00b5s", "00:00:00.000003")]
    [InlineData("3\u03bcs", "00:00:00.000003")]
    [InlineData("150ns", "00:00:00.0000001")]
    [InlineData("1ns", "00:00:00.0000001")]
    [InlineData("-1ns", "-00:00:00.0000001")]
    [InlineData("0.1ns", "00:00:00")]
    [InlineData("8760h", "365.00:00:00")]
    [InlineData("2562047h47m16s854ms775us807ns", "106751.23:47:16.8547758")]
    public void It_reads_what_go_reads(string text, string expected) =>
        Assert.Equal(TimeSpan.Parse(expected, CultureInfo.InvariantCulture), GoDuration.Parse(text).Value);

    [Theory]
    [InlineData("", "time: invalid duration \"\"")]
    [InlineData("x", "time: invalid duration \"x\"")]
    [InlineData("-", "time: invalid duration \"-\"")]
    [InlineData(".s", "time: invalid duration \".s\"")]
    [InlineData("1.2.3s", "time: invalid duration \"1.2.3s\"")]
    [InlineData("5", "time: missing unit in duration \"5\"")]
    [InlineData("1h5", "time: missing unit in duration \"1h5\"")]
    [InlineData("1d", "time: unknown unit \"d\" in duration \"1d\"")]
    [InlineData("1 h", "time: unknown unit \" h\" in duration \"1 h\"")]
    [InlineData("9999999999h", "time: invalid duration \"9999999999h\"")]
    [InlineData("2562047h47m16s854ms775us808ns", "time: invalid duration \"2562047h47m16s854ms775us808ns\"")]
    public void It_refuses_what_go_refuses_and_says_it_as_go_does(string text, string error)
    {
        var read = GoDuration.Parse(text);
        Assert.Null(read.Value);
        Assert.Equal(error, read.Error);
        Assert.Equal(text, read.Text);
    }

    [Theory]
    [InlineData("\"1h\"", 3600)]
    [InlineData("\"soon\"", null)]
    [InlineData("300", 300)]
    [InlineData("-5", -5)]
    [InlineData("0", 0)]
    public void It_is_written_as_it_was_read(string json, int? seconds)
    {
        var spec = JsonSerializer.Deserialize("{\"spec\":{\"refreshInterval\":" + json + "}}", ApiJson.Compact.SecretStore)!;
        Assert.Equal(seconds is { } wanted ? TimeSpan.FromSeconds(wanted) : null, spec.Spec.RefreshInterval!.Value.Value);
        Assert.Contains($"\"refreshInterval\":{json}", JsonSerializer.Serialize(spec, ApiJson.Compact.SecretStore), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("true")]
    [InlineData("{}")]
    public void Anything_else_is_no_duration(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("{\"spec\":{\"refreshInterval\":" + json + "}}", ApiJson.Compact.SecretStore));

    [Fact]
    public void Seconds_beyond_every_calendar_are_kept_and_refused() =>
        Assert.NotNull(GoDuration.FromSeconds(long.MaxValue).Error);
}
