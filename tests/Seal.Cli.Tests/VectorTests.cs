using System.Text.Json.Nodes;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>Everything kubeseal was asked when the vectors were made, asked of ours, under the original's name.</summary>
public sealed class VectorTests : IDisposable
{
    private const string Hint = "gitopssecrets.io/sealing-key";

    private readonly WorkFolder _work = new();

    public static TheoryData<string> Sealed => Vectors.Ids("seal", "seal-multi");

    public static TheoryData<string> Opened => Vectors.Ids("seal", "unseal", "merge-into", "raw");

    public static TheoryData<string> NotOpened => Vectors.Ids("unseal-negative");

    public static TheoryData<string> NotSealed => Vectors.Ids("seal-negative");

    public static TheoryData<string> Merged => Vectors.Ids("merge-into");

    public static TheoryData<string> Raw => Vectors.Ids("raw");

    public void Dispose() => _work.Dispose();

    [Theory, MemberData(nameof(Sealed))]
    public async Task What_is_sealed_is_what_kubeseal_prints_but_for_the_ciphertext_and_the_hint(string id)
    {
        var entry = Vectors.Case(id);
        var input = await File.ReadAllBytesAsync(Vectors.PathOf(entry, "input_secret"), TestContext.Current.CancellationToken);
        foreach (var (format, role) in new[] { ("json", "sealed_json"), ("yaml", "sealed_yaml") })
        {
            var run = await RunAsync([.. Arguments(entry), "--format", format], input);
            Assert.Equal("", run.Error);
            Assert.Equal(0, run.ExitCode);
            var theirs = await File.ReadAllTextAsync(Vectors.PathOf(entry, role), TestContext.Current.CancellationToken);
            Assert.Equal(Blank(theirs), Blank(run.OutputText));
        }
    }

    [Theory, MemberData(nameof(Sealed))]
    public async Task What_is_sealed_opens_to_the_same_items(string id)
    {
        var entry = Vectors.Case(id);
        var input = await File.ReadAllBytesAsync(Vectors.PathOf(entry, "input_secret"), TestContext.Current.CancellationToken);
        var run = await RunAsync(Arguments(entry), input);
        var opened = await RunAsync(["--recovery-unseal", "--recovery-private-key", Vectors.Keys(entry)], run.Output);
        Assert.Equal("", opened.Error);
        var folder = Path.Combine(Vectors.Folder, (string)entry["dir"]!);
        var expected = entry["documents"] is JsonArray documents
            ? documents.Select(document => Vectors.Expected(document!, folder)).ToList()
            : [Vectors.Expected(entry, folder)];
        Assert.Equal(expected, Secrets(opened.OutputText).Select(Data));
    }

    [Theory, MemberData(nameof(Opened))]
    public async Task What_kubeseal_sealed_opens_to_what_kubeseal_recovered(string id)
    {
        var entry = Vectors.Case(id);
        var role = (string)entry["kind"]! == "merge-into" ? "after" : "sealed_json";
        var sealedSecret = await File.ReadAllBytesAsync(Vectors.PathOf(entry, role), TestContext.Current.CancellationToken);
        var run = await RunAsync(["--recovery-unseal", "--recovery-private-key", Vectors.Keys(entry)], sealedSecret);
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        // The original prints an empty value as null; an empty string says the same and is what lands in the cluster.
        var theirs = await File.ReadAllTextAsync(Vectors.PathOf(entry, "recovered_json"), TestContext.Current.CancellationToken);
        Assert.Equal(theirs.Replace(": null", ": \"\"", StringComparison.Ordinal), run.OutputText);
    }

    [Fact]
    public async Task The_deprecated_form_opens_too_with_a_warning()
    {
        var entry = Vectors.Case("29-legacy-v1-data");
        var run = await RunAsync(
            ["--recovery-unseal", "--recovery-private-key", Vectors.Keys(entry)], await File.ReadAllBytesAsync(Vectors.PathOf(entry, "sealed_json"), TestContext.Current.CancellationToken));
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("warning: SealedSecret team-a/pub-four in standard input has the deprecated form", run.Error);
        Assert.Equal(Vectors.Expected(entry, ""), Data(Secrets(run.OutputText).Single()));
    }

    [Fact]
    public async Task A_backup_of_the_cluster_serves_as_private_key()
    {
        var entry = Vectors.Case("25-mixed-keys");
        var sealedSecret = await File.ReadAllBytesAsync(Vectors.PathOf(entry, "sealed_json"), TestContext.Current.CancellationToken);
        foreach (var file in new[] { "backup-list.json", "main.secret.yaml,keys/small.key" })
        {
            var run = await RunAsync(["--recovery-unseal", "--recovery-private-key", "keys/" + file], sealedSecret);
            Assert.Equal("", run.Error);
            Assert.Equal(Vectors.Expected(entry, ""), Data(Secrets(run.OutputText).Single()));
        }
    }

    [Theory, MemberData(nameof(NotOpened))]
    public async Task What_does_not_open_fails_in_the_originals_words_and_then_in_ours(string id)
    {
        var entry = Vectors.Case(id);
        var sealedSecret = await File.ReadAllBytesAsync(Vectors.PathOf(entry, "sealed_json"), TestContext.Current.CancellationToken);
        var run = await RunAsync(["--recovery-unseal", "--recovery-private-key", Vectors.Keys(entry)], sealedSecret);
        Assert.Equal((int)entry["recovery_exit_code"]!, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.StartsWith((string)entry["recovery_stderr"]!, run.Error);
    }

    [Theory, MemberData(nameof(NotSealed))]
    public async Task What_cannot_be_sealed_fails_in_the_originals_words(string id)
    {
        var entry = Vectors.Case(id);
        var run = await RunAsync(Arguments(entry), await File.ReadAllBytesAsync(Vectors.PathOf(entry, "input_secret"), TestContext.Current.CancellationToken));
        Assert.Equal((int)entry["seal_exit_code"]!, run.ExitCode);
        var theirs = ((string)entry["seal_stderr"]!).TrimEnd('\n');
        // Go prints the key's memory address and numbers there; the words before are what can be matched on.
        if (id == "52-neg-seal-ec-cert") theirs = theirs[..theirs.IndexOf(" &{", StringComparison.Ordinal)];
        Assert.StartsWith(theirs, run.Error);
        Assert.Empty(run.Output);
    }

    [Theory, MemberData(nameof(Merged))]
    public async Task Merging_gives_the_object_that_kubeseal_gives(string id)
    {
        var entry = Vectors.Case(id);
        var target = _work.File("after.yaml");
        File.Copy(Vectors.PathOf(entry, "before"), target);
        var arguments = Arguments(entry).Select(argument => argument == "after.yaml" ? target : argument);
        var run = await RunAsync(arguments, await File.ReadAllBytesAsync(Vectors.PathOf(entry, "input_secret"), TestContext.Current.CancellationToken));
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        Assert.Empty(run.Output);
        var opened = await RunAsync(
            ["--recovery-unseal", "--recovery-private-key", Vectors.Keys(entry)], await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken));
        Assert.Equal("", opened.Error);
        Assert.Equal(await File.ReadAllTextAsync(Vectors.PathOf(entry, "recovered_json"), TestContext.Current.CancellationToken), opened.OutputText);
    }

    [Theory, MemberData(nameof(Raw))]
    public async Task A_raw_value_is_base64_without_a_newline_and_opens(string id)
    {
        var entry = Vectors.Case(id);
        var value = await File.ReadAllBytesAsync(Vectors.PathOf(entry, "value"), TestContext.Current.CancellationToken);
        var arguments = Arguments(entry).Select(argument => argument == "value.bin" ? Vectors.PathOf(entry, "value") : argument);
        var run = await RunAsync(arguments, value);
        Assert.Equal("", run.Error);
        Assert.DoesNotContain('\n', run.OutputText);
        var sealedSecret = JsonNode.Parse(await File.ReadAllTextAsync(Vectors.PathOf(entry, "sealed_json"), TestContext.Current.CancellationToken))!;
        var items = sealedSecret["spec"]!["encryptedData"]!.AsObject();
        var item = items.Single().Key;
        items[item] = run.OutputText;
        var opened = await RunAsync(["--recovery-unseal", "--recovery-private-key", Vectors.Keys(entry)], System.Text.Encoding.UTF8.GetBytes(sealedSecret.ToJsonString()));
        Assert.Equal(Convert.ToBase64String(value), Data(Secrets(opened.OutputText).Single())[item]);
    }

    private static IEnumerable<string> Arguments(JsonObject entry) => entry["seal_args"]!.AsArray().Select(argument => (string)argument!);

    private async Task<SealRun> RunAsync(IEnumerable<string> arguments, byte[] input)
    {
        var kubeseal = _work.File("kubeseal");
        if (!File.Exists(kubeseal)) File.CreateSymbolicLink(kubeseal, SealProgram.Path);
        var environment = new Dictionary<string, string> { ["HOME"] = _work.Path };
        return await SealProgram.RunAsync(kubeseal, arguments, input, Vectors.Folder, environment, TestContext.Current.CancellationToken);
    }

    private static IEnumerable<JsonObject> Secrets(string output) =>
        output.Split("\n}\n", StringSplitOptions.RemoveEmptyEntries).Select(text => JsonNode.Parse(text + "\n}")!.AsObject());

    private static SortedDictionary<string, string> Data(JsonObject secret)
    {
        var data = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (item, value) in secret["data"]?.AsObject() ?? []) data[item] = (string?)value ?? "";
        return data;
    }

    /// <summary>The text with every sealed value as X and without the annotation that only ours writes.</summary>
    private static string Blank(string text)
    {
        var lines = text.Split('\n').Select(line => line.IndexOf(": ", StringComparison.Ordinal) is var at and > 0 && line[(at + 2)..].TrimStart('"') is ['A', 'g' or 'Q', _, _, ..] value && value.Length > 200
            ? line[..(at + 2)] + "X" + (line.EndsWith(',') ? "," : "")
            : line).ToList();
        var hint = lines.FindIndex(line => line.Contains(Hint, StringComparison.Ordinal));
        while (hint >= 0)
        {
            lines.RemoveAt(hint);
            // An annotations map that held the hint alone goes with it, and the comma before it.
            if (lines[hint - 1].TrimStart() is "annotations:" && !lines[hint].StartsWith("    ", StringComparison.Ordinal)) lines.RemoveAt(hint - 1);
            else if (lines[hint - 1].TrimStart() is "\"annotations\": {" && lines[hint].Trim() == "}")
            {
                lines.RemoveRange(hint - 1, 2);
                lines[hint - 2] = lines[hint - 2].TrimEnd(',');
            }
            hint = lines.FindIndex(line => line.Contains(Hint, StringComparison.Ordinal));
        }
        return string.Join('\n', lines);
    }
}
