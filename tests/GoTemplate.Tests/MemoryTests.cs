using System.Text;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Tests;

/// <summary>What templates may need of the memory that all of a process share.</summary>
public sealed class MemoryTests
{
    private const long Megabyte = 1024 * 1024;

    /// <summary>More than any may have without a turn, and then something that asks for chance.</summary>
    private const string Large = "{{$x := repeat 3000000 \"x\"}}{{randInt 0 2}}";

    [Theory]
    [InlineData("{{$x := \"x\"}}{{range until 40}}{{$x = print $x $x}}{{end}}")]
    [InlineData("{{encryptAES \"k\" (repeat 100000000 \"x\")}}")]
    [InlineData("{{$t := list 1}}{{range until 40}}{{$t = list $t $t}}{{end}}{{$u := deepCopy $t}}")]
    [InlineData("{{$m := dict}}{{range until 40}}{{$m = dict \"a\" $m \"b\" $m}}{{end}}{{$u := deepCopy $m}}")]
    [InlineData("{{$x := fromJson (print \"[\" (repeat 1000000 \"{},\") \"1]\")}}")]
    [InlineData("{{$x := fromJson (print \"[\" (repeat 400000 \"{\\\"a\\\":1},\") \"1]\")}}")]
    [InlineData("{{$x := list}}{{range until 2000000}}{{$x = list $x}}{{end}}")]
    [InlineData("{{$x := regexReplaceAll (repeat 10000 \"(a?)\") \"a\" \"$1\"}}")]
    [InlineData("{{$x := repeat 3000000 \"-_\" | snakecase}}")]
    [InlineData("{{$x := split \"\" (repeat 3000000 \"x\")}}")]
    public void What_needs_more_memory_than_any_honest_template_is_stopped_before_it_has_it(string template)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<TemplateException>(() => Render(template, Patience.Options));
        Assert.Equal(TemplateErrorKind.Limit, error.Kind);
        Assert.EndsWith("needs more than 32 MiB of memory", error.Message, StringComparison.Ordinal);

        // What was made on the way, most of it no longer in use at the end.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 150 * Megabyte);
    }

    [Theory]
    [InlineData("{{regexMatch (repeat 10000 \"(a?)\") \"a\"}}", "true")]
    [InlineData("{{regexFind (repeat 10000 \"(a?)\") \"a\"}}", "a")]
    [InlineData("{{regexReplaceAll (repeat 10000 \"(a?)\") \"a\" \"b\"}}", "b")]
    public void Groups_that_nobody_asks_for_are_not_kept(string template, string expected)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(expected, Render(template, Patience.Options));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50 * Megabyte);
    }

    [Fact]
    public void A_secret_of_full_size_passes_through_many_functions() => Assert.Equal("1048576", Render(
        "{{repeat 1048576 \"s\" | trim | upper | lower | b64enc | b64dec | replace \"s\" \"s\" | trimSuffix \"\\n\" | len}}", Patience.Options));

    [Fact]
    public async Task Large_executions_take_turns()
    {
        var (inside, overlaps) = (0, 0);
        var options = Patience.Options with
        {
            Turns = new ExecutionTurns(),
            Random = _ =>
            {
                overlaps += Interlocked.Increment(ref inside) > 1 ? 1 : 0;
                Thread.SpinWait(20_000);
                Interlocked.Decrement(ref inside);
            },
        };
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 20).ToList().ForEach(_ => Render(Large, options)))));
        Assert.Equal(0, overlaps);
    }

    [Fact]
    public async Task Who_waits_for_a_turn_can_be_cancelled_and_small_executions_need_none()
    {
        using var entered = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var turns = new ExecutionTurns();
        var first = Task.Run(() => Render(Large, Patience.Options with
        {
            Turns = turns,
            Random = _ =>
            {
                entered.Set();
                leave.Wait();
            },
        }));
        entered.Wait();

        Assert.Equal("2", Render("{{add 1 1}}", Patience.Options with { Turns = turns }));
        var second = Task.Run(() => Render(Large, Patience.Options with { Turns = turns }, cancellation.Token));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        leave.Set();
        await first;
        Render(Large, Patience.Options with { Turns = turns });
    }

    private static string Render(string template, ExecuteOptions options, CancellationToken cancellationToken = default) =>
        Encoding.UTF8.GetString(Template.Parse("t", template, new TemplateOptions()).Execute(GoMap.OfAny(), options, cancellationToken));
}
