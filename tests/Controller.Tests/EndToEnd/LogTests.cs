using System.Text.Json;
using System.Text.RegularExpressions;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>The flags of the log, as log pipelines of the original are set up for them: what comes, in which form, on which stream.</summary>
public sealed class LogTests
{
    private const string Warning = "key Secret kube-system/bad";

    [Fact]
    public async Task Without_flags_it_is_text_with_INFO_on_standard_output_and_warnings_on_standard_error()
    {
        var (output, error) = await RunAsync();
        Assert.All(output, line => Assert.Matches(@"^time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=INFO msg=", line));
        Assert.Contains(output, line => line.Contains("msg=\"Starting sealed-secrets controller", StringComparison.Ordinal));
        Assert.Contains(output, line => Regex.IsMatch(line, @"Starting .*, API server [^\s/@]+:\d+"""));
        Assert.All(error, line => Assert.Matches("^time=[^ ]+ level=(WARN|ERROR) msg=", line));
        Assert.Contains(error, line => line.Contains(Warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task As_JSON_each_line_is_an_object_with_time_level_and_message_first()
    {
        var (output, error) = await RunAsync("--log-format=json");
        foreach (var line in output.Concat(error))
        {
            using var entry = JsonDocument.Parse(line);
            Assert.Equal(["time", "level", "msg"], entry.RootElement.EnumerateObject().Take(3).Select(field => field.Name));
        }
        Assert.Contains(error, line => line.Contains(Warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--log-level=WARN", "WARN")]
    [InlineData("--log-level=warn", "WARN")]
    [InlineData("--log-level=ERROR", "ERROR")]
    public async Task Below_the_level_nothing_is_written(string flag, string lowest)
    {
        var (output, error) = await RunAsync(flag);
        Assert.Empty(output);
        Assert.All(error, line => Assert.Matches(lowest == "WARN" ? " level=(WARN|ERROR) " : " level=ERROR ", line));
    }

    [Fact]
    public async Task All_of_it_goes_to_standard_error_when_INFO_is_not_for_standard_output()
    {
        var (output, error) = await RunAsync("--log-info-stdout=false");
        Assert.Empty(output);
        Assert.Contains(error, line => line.Contains("level=INFO msg=\"Starting sealed-secrets controller", StringComparison.Ordinal));
        Assert.Contains(error, line => line.Contains(Warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--log-level=LOUD", "--log-level cannot be used and is passed over: expected DEBUG, INFO, WARN or ERROR")]
    [InlineData("--log-format=xml", "--log-format cannot be used and is passed over: expected text or json")]
    [InlineData("--key-order-priority=Newest", "--key-order-priority cannot be used and is passed over: expected CertNotBefore or SecretCreationTimestamp")]
    public async Task A_text_that_a_flag_of_the_original_does_not_know_is_told_and_its_standard_holds(string flag, string warning)
    {
        var (output, error) = await RunAsync(flag);
        Assert.Contains(output, line => line.StartsWith("time=", StringComparison.Ordinal) && line.Contains(" level=INFO ", StringComparison.Ordinal));
        Assert.Contains(error, line => line.Contains($"level=WARN msg=\"{warning}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_switch_that_is_neither_on_nor_off_is_refused()
    {
        ControllerOptions.Load(["--log-info-stdout=perhaps"], new Dictionary<string, string>(), out var problems);
        Assert.StartsWith("invalid argument \"perhaps\" for \"--log-info-stdout\" flag: ", Assert.Single(problems), StringComparison.Ordinal);
    }

    /// <summary>One run from start to end, with a key Secret that is worth a warning.</summary>
    private static async Task<(IReadOnlyList<string> Output, IReadOnlyList<string> Error)> RunAsync(params string[] flags)
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.PutKeyAsync("two", secretName: "bad", certificateOf: "one");
        await using var controller = await RunningController.StartAsync(stage, TimeProvider.System, flags);
        await await controller.AskToStopAsync();
        return (controller.Output, controller.Error);
    }
}
