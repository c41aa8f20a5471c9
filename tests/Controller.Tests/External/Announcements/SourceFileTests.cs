using GitOpsSecrets.Controller.External.Announcements;

namespace GitOpsSecrets.Controller.Tests.External.Announcements;

public sealed class SourceFileTests
{
    [Theory]
    [InlineData("x: 1", "events: expected a map")]
    [InlineData("events: {}", "events.sources: nobody may tell anything")]
    [InlineData("events: {sources: [{name: a}]}", "events.sources[0]: expected one of generic, eventBridge, eventGrid, pubSub, vault")]
    [InlineData("events: {sources: [{name: a, generic: {keyFiles: [f]}, vault: {keyFiles: [f]}}]}", "events.sources[0]: expected one of generic, eventBridge, eventGrid, pubSub, vault")]
    [InlineData("events: {sources: [{name: A/b, generic: {keyFiles: [f]}}]}", "events.sources[0].name: expected lower-case letters, digits and hyphens, at most 63")]
    [InlineData("events: {sources: [{generic: {keyFiles: [f]}}]}", "events.sources[0].name: expected lower-case letters, digits and hyphens, at most 63")]
    [InlineData("events: {sources: [{name: a, generic: {}}]}", "events.sources[0].generic: expected one of keyFiles, tokenFiles")]
    [InlineData("events: {sources: [{name: a, generic: {keyFiles: []}}]}", "events.sources[0].generic: expected one of keyFiles, tokenFiles")]
    [InlineData("events: {sources: [{name: a, generic: {keyFiles: [f], tokenFiles: [f]}}]}", "events.sources[0].generic: expected one of keyFiles, tokenFiles")]
    [InlineData("events: {sources: [{name: a, generic: {keyFile: f}}]}", "events.sources[0].generic.keyFile: not known")]
    [InlineData("events: {sources: [{name: a, namespace: n, generic: {keyFiles: [f]}}]}", "events.sources[0].namespace: not known")]
    [InlineData("events: {sources: [{name: a, generic: {keyFiles: [f]}}, {name: a, vault: {keyFiles: [f]}}]}", "events.sources: two are called a")]
    [InlineData("events: {sources: [{name: a, pubSub: {audience: x}}]}", "events.sources[0].pubSub.serviceAccount: missing")]
    [InlineData("events: {sources: [{name: a, pubSub: {serviceAccount: x}}]}", "events.sources[0].pubSub.audience: missing")]
    [InlineData("events: {sources: [{name: a, pubSub: {audience: x, serviceAccount: y, certificatesUrl: \"http://example.com\"}}]}", "events.sources[0].pubSub.certificatesUrl: expected https, as whoever can change the answer decides who is genuine")]
    public void What_is_wrong_is_named(string text, string problem)
    {
        SourceFile.Parse(text, out var problems);
        Assert.Contains(problem, problems);
    }

    [Fact]
    public void The_file_of_the_documentation_is_understood_whole()
    {
        var page = File.ReadAllText(Path.Combine(EndToEnd.Stage.RepositoryRoot(), "docs", "events.md"));
        var start = page.IndexOf("```yaml\nevents:", StringComparison.Ordinal) + "```yaml\n".Length;
        var sources = SourceFile.Parse(page[start..page.IndexOf("```", start, StringComparison.Ordinal)], out var problems);
        Assert.Empty(problems);
        Assert.Equal(Enum.GetValues<SourceShape>(), sources.Select(source => source.Shape).Order());
    }

    [Fact]
    public void A_file_that_is_not_there_and_keys_that_are_none_stop_the_start()
    {
        ControllerOptions.Load(["--event-listen-addr=:0", "--event-sources-file=/nowhere/at/all"], new Dictionary<string, string>(), out var problems);
        Assert.Contains("cannot be read", Assert.Single(problems), StringComparison.Ordinal);
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "events: {sources: [{name: a, generic: {keyFiles: [/nowhere/at/all]}}]}");
            ControllerOptions.Load(["--config", file], new Dictionary<string, string>(), out problems);
            Assert.Equal("/nowhere/at/all: cannot be read (FileNotFoundException)", Assert.Single(problems));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_port_without_anybody_who_may_tell_or_without_anything_to_refresh_stops_the_start()
    {
        ControllerOptions.Load(["--event-listen-addr=:0", "--external-secrets=false"], new Dictionary<string, string>(), out var problems);
        Assert.Collection(problems, first => Assert.StartsWith("--event-listen-addr needs --event-sources-file", first, StringComparison.Ordinal), second => Assert.StartsWith("--event-listen-addr needs --external-secrets", second, StringComparison.Ordinal));
    }
}
