using System.Text;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Tests;

public sealed class LimitsTests
{
    [Theory]
    [InlineData("""{{define "r"}}{{template "r" .}}{{end}}{{template "r" .}}""")]
    [InlineData("""{{repeat 2000000000 "x"}}""")]
    [InlineData("""{{repeat 9223372036854775807 "xyz"}}""")]
    [InlineData("{{range until 1000000}}{{range until 1000000}}{{end}}{{end}}")]
    [InlineData("{{range 1000000000000}}{{end}}")]
    [InlineData("{{until 9223372036854775807}}")]
    [InlineData("{{seq 0 9223372036854775807}}")]
    [InlineData("{{$x := \"x\"}}{{range until 60}}{{$x = print $x $x}}{{end}}")]
    [InlineData("{{$x := list 1}}{{range until 60}}{{$x = list $x $x}}{{end}}{{$x}}")]
    [InlineData("{{$x := list 1}}{{range until 60}}{{$x = list $x $x}}{{end}}{{toJson $x}}")]
    [InlineData("{{$d := dict}}{{$_ := set $d \"d\" $d}}{{$d}}")]
    [InlineData("{{$d := dict}}{{$_ := set $d \"d\" $d}}{{toJson $d}}")]
    [InlineData("{{$d := dict}}{{$_ := set $d \"d\" $d}}{{deepCopy $d}}")]
    [InlineData("{{$d := dict}}{{$_ := set $d \"d\" $d}}{{$e := dict}}{{$_ := set $e \"d\" $e}}{{deepEqual $d $e}}")]
    [InlineData("{{regexMatch \"((((a{30}){30}){30}){30})\" (repeat 100000 \"a\")}}{{range until 10000}}{{regexMatch \"(a*)*(a*)*b\" (repeat 100000 \"a\")}}{{end}}")]
    [InlineData("{{regexMatch (printf \"(%s){1000}\" (repeat 500 \"a?\")) \"aaa\"}}")]
    [InlineData("{{mustRegexMatch (printf \"(%s){1000}\" (repeat 500 \"a?\")) \"aaa\"}}")]
    [InlineData("{{regexFind (printf \"(%s){1000}\" (repeat 500 \"a?\")) \"aaa\"}}")]
    [InlineData("{{randBytes 9223372036854775807}}")]
    [InlineData("{{indent 2000000000 \"a\"}}")]
    [InlineData("{{printf \"%1000000d%1000000d%1000000d%1000000d%1000000d\" 1 2 3 4 5}}")]
    [InlineData("{{range until 2000}}{{bcrypt \"x\"}}{{end}}")]
    public void A_template_that_asks_for_too_much_is_stopped(string template)
    {
        var error = Assert.Throws<TemplateException>(() => Render(template, new ExecuteLimits { MaxSteps = 300_000, MaxAllocatedBytes = 64 * 1024 * 1024 }));
        Assert.Equal(TemplateErrorKind.Limit, error.Kind);
        Assert.Equal(1, error.Line);
    }

    [Fact]
    public void A_catastrophic_pattern_takes_linear_time() =>
        Assert.Equal("false", Render("{{regexMatch \"^(a+)+$\" (print (repeat 5000 \"a\") \"b\")}}", new ExecuteLimits { MaxSteps = 300_000 }));

    [Fact]
    public void Deeply_nested_actions_and_parentheses_parse_and_run()
    {
        var nested = string.Concat(Enumerable.Repeat("{{if true}}", 20_000)) + "x" + string.Concat(Enumerable.Repeat("{{end}}", 20_000));
        Assert.Equal("x", Render(nested, new ExecuteLimits()));
        Assert.Equal("1", Render("{{" + new string('(', 9_000) + "1" + new string(')', 9_000) + "}}", new ExecuteLimits()));
    }

    [Fact]
    public void Json_nested_beyond_measure_is_nil_or_a_limit_never_a_crash()
    {
        var error = Assert.Throws<TemplateException>(() => Render("{{mustFromJson (repeat 200000 \"[\")}}", new ExecuteLimits()));
        Assert.True(error.Kind is TemplateErrorKind.Limit or TemplateErrorKind.Exec);
    }

    [Fact]
    public void A_bomb_of_yaml_aliases_is_stopped()
    {
        var bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 12).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 9))}]\n"));
        var template = Template.Parse("t", "{{.bomb | fromYaml | len}}", new TemplateOptions());
        var error = Assert.Throws<TemplateException>(() =>
            template.Execute(GoMap.OfSecrets([new("bomb", Encoding.UTF8.GetBytes(bomb))]), Patience.With(new ExecuteLimits { MaxSteps = 300_000 }), CancellationToken.None));
        Assert.Equal(TemplateErrorKind.Limit, error.Kind);
    }

    [Fact]
    public void Cancellation_ends_a_loop()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        var template = Template.Parse("t", "{{range 1000000000}}{{end}}", new TemplateOptions());
        Assert.Throws<OperationCanceledException>(() => template.Execute(GoMap.OfAny(), new ExecuteOptions(), cancellation.Token));
    }

    [Fact]
    public void Time_out_is_measured_by_the_given_clock()
    {
        var options = new ExecuteOptions { Time = new LeapingClock(), Limits = new ExecuteLimits { MaxTime = TimeSpan.FromMinutes(1) } };
        var error = Assert.Throws<TemplateException>(() => Template.Parse("t", "{{range 1000000}}{{end}}", new TemplateOptions()).Execute(GoMap.OfAny(), options, CancellationToken.None));
        Assert.Equal(TemplateErrorKind.Limit, error.Kind);
    }

    /// <summary>Each of these works for long on one text; none may do so without a look at the clock.</summary>
    [Theory]
    [InlineData("{{filterPEM \"A\" (repeat 60000 \"-----BEGIN A-----\\n\")}}")]
    [InlineData("{{filterPEM \"A\" (repeat 20000 \"-----BEGIN A-----\\n-----END A-----\\n\")}}")]
    [InlineData("{{filterPEM \"A\" (print \"-----BEGIN A-----\\n\" (repeat 60000 \"a: b\\n\"))}}")]
    [InlineData("{{certSANs (repeat 60000 \"-----BEGIN A-----\\n\")}}")]
    [InlineData("{{toYaml (repeat 500000 \"a \")}}")]
    [InlineData("{{shuffle (repeat 100000 \"a\")}}")]
    [InlineData("{{fromJson (print \"[\" (repeat 100000 \"1,\") \"1]\")}}")]
    [InlineData("{{regexFind \"b\" (repeat 100000 \"a\")}}")]
    [InlineData("{{wrap 1 (repeat 100000 \"a \")}}")]
    public void The_clock_is_looked_at_inside_of_a_function(string template)
    {
        var options = new ExecuteOptions { Time = new LeapingClock(), Limits = new ExecuteLimits { MaxTime = TimeSpan.FromSeconds(12) } };
        var error = Assert.Throws<TemplateException>(() => Template.Parse("t", template, new TemplateOptions()).Execute(GoMap.OfAny(), options, CancellationToken.None));
        Assert.Equal(TemplateErrorKind.Limit, error.Kind);
        Assert.EndsWith("took longer than 12 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_without_number_are_read_without_copies_of_what_follows_them()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("0", Render("{{filterPEM \"B\" (repeat 20000 \"-----BEGIN A-----\\n-----END A-----\\n\") | len}}", new ExecuteLimits()));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50 * 1024 * 1024);
    }

    [Fact]
    public void Equal_elements_among_many_are_found_in_linear_time() =>
        Assert.Equal("20000 1", Render("{{uniq (until 20000) | len}} {{uniq (list 1 1 1) | len}}", new ExecuteLimits { MaxSteps = 300_000 }));

    private static string Render(string template, ExecuteLimits limits) => Encoding.UTF8.GetString(
        Template.Parse("t", template, new TemplateOptions()).Execute(GoMap.OfAny(), Patience.With(limits), CancellationToken.None));

    /// <summary>A clock that moves a second each time it is read.</summary>
    private sealed class LeapingClock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => ++now;
    }
}
