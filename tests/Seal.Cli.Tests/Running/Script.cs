using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Seal.Cli.Tests.Running;

/// <summary>
/// A script: commands, one a line, then the files it starts with, each under <c>-- name --</c>. Lines with # say why.
/// <code>
/// seal ARGS…            runs the program, which must exit with 0; kubeseal ARGS… the same under that name
/// ! seal ARGS…          must exit with 1;   2 seal ARGS… must exit with 2 (any number)
/// stdin FILE|stdout     standard input of the next run
/// input TEXT            these characters are
/// git ARGS…             runs git, which must succeed (! git: exit with 1); tests with it are skipped where there is none
/// stdout TEXT           the last run printed it (stderr, ! stdout, ! stderr alike); /…/ is a regular expression; "" means nothing at all
/// grep TEXT FILE        the file holds it (! grep)
/// cmp A B               same bytes; either may be stdout
/// sameBut A B WORD…     the same lines, but for those that hold one of the words (! sameBut)
/// keep FILE             writes the last standard output to a file
/// cp A B · rm A · mkdir A · link TARGET NAME · chmod MODE FILE · mode MODE FILE · exists A (! exists)
/// env NAME=VALUE        for the runs that follow
/// opens FILE ITEM TEXT [KEYFILE]   the sealed file opens with that key (keys/main.key), and the item is that text
/// cluster [OPTION…]     a Kubernetes API with a controller behind it; KUBECONFIG points there
/// define NAME           gives that cluster the definition of this name, from deploy/crds
/// apply FILE            creates its objects in that cluster, status included
/// replace OLD NEW FILE  in a file; write TEXT FILE makes one without a line end
/// encode FILE WORD IN   puts the file's base64 in the place of a word
/// items FILE ITEM…      adds files as items of the YAML list that ends the file
/// files FOLDER NAME…    the folder holds these and nothing else
/// </code>
/// $SILENT is the address of a server that never answers. $WORK is the script's folder, where everything runs; $VECTORS are the original's files; $KEYS their keys; $PROGRAM is the program,
/// $REPOSITORY the source tree. $SOPS_KEYS are the keys of the SOPS vectors, $AGE_A, $AGE_B and $AGE_C the recipients of three of them,
/// $KEY_A and $KEY_B the private keys of two, $SSH an SSH public key.
/// </summary>
internal sealed class Script : IAsyncDisposable
{
    private readonly WorkFolder _work = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly List<(int Line, string Text)> _commands = [];
    private byte[] _input = [];
    private SealRun _last = new(0, [], "");
    private readonly ClusterKind? _controllerOn;
    private TestApi? _api;
    private TcpListener? _silent;

    /// <param name="text">The script.</param>
    /// <param name="controllerOn">Where the controller itself serves <c>cluster</c>; a stand-in if nowhere.</param>
    public Script(string text, ClusterKind? controllerOn = null)
    {
        _controllerOn = controllerOn;
        string? file = null;
        var content = new StringBuilder();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.StartsWith("-- ", StringComparison.Ordinal) && line.EndsWith(" --", StringComparison.Ordinal))
            {
                Save(file, content);
                file = line[3..^3];
            }
            else if (file is not null) content.Append(line).Append('\n');
            else if (line.Trim() is { Length: > 0 } command && command[0] != '#') _commands.Add((number, command));
        }
        Save(file, content);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Assert.NotEmpty(_commands);
        foreach (var (line, text) in _commands)
        {
            try
            {
                await StepAsync(Words(text), cancellationToken);
            }
            catch (Exception failure) when (failure is not (OperationCanceledException or Xunit.Sdk.SkipException))
            {
                Assert.Fail($"line {line}: {text}\n{failure.Message}\nexit code {_last.ExitCode}\n--- stdout\n{Excerpt(_last.OutputText)}\n--- stderr\n{Excerpt(_last.Error)}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null) await _api.DisposeAsync();
        _silent?.Dispose();
        _work.Dispose();
    }

    private async Task StepAsync(List<string> words, CancellationToken cancellationToken)
    {
        var not = words[0] == "!";
        var expected = not ? 1 : 0;
        if (not || int.TryParse(words[0], CultureInfo.InvariantCulture, out expected)) words = words[1..];
        var arguments = words[1..];
        switch (words[0])
        {
            case "seal" or "kubeseal": await RunProgramAsync(words[0], arguments, expected, cancellationToken); break;
            case "stdin": _input = Bytes(arguments[0]); break;
            case "input": _input = Encoding.UTF8.GetBytes(Lines(arguments[0])); break;
            case "git": await RunGitAsync(arguments, expected, cancellationToken); break;
            case "stdout": Expect(_last.OutputText, arguments[0], not); break;
            case "stderr": Expect(_last.Error, arguments[0], not); break;
            case "grep": Expect(Encoding.UTF8.GetString(Bytes(arguments[1])), arguments[0], not); break;
            case "cmp": Assert.Equal(Encoding.UTF8.GetString(Bytes(arguments[0])), Encoding.UTF8.GetString(Bytes(arguments[1]))); break;
            case "sameBut": Assert.Equal(!not, Rest(arguments[0], arguments[2..]).SequenceEqual(Rest(arguments[1], arguments[2..]))); break;
            case "keep": File.WriteAllBytes(Where(arguments[0]), _last.Output); break;
            case "env": _environment[arguments[0].Split('=')[0]] = arguments[0][(arguments[0].IndexOf('=', StringComparison.Ordinal) + 1)..]; break;
            case "opens": await OpensAsync(arguments, cancellationToken); break;
            case "cluster": _api = await StartClusterAsync(arguments, cancellationToken); break;
            case "define": await _api!.ApplyAsync(await File.ReadAllTextAsync(RepositoryFolder.Of("deploy", "crds", arguments[0] + ".yaml"), cancellationToken), cancellationToken); break;
            case "apply": await _api!.ApplyAsync(Encoding.UTF8.GetString(Bytes(arguments[0])), cancellationToken); break;
            default: FileStep(words[0], arguments, not); break;
        }
    }

    private Task<TestApi> StartClusterAsync(List<string> options, CancellationToken cancellationToken) => _controllerOn is { } kind
        ? TestApi.StartWithControllerAsync(kind, _work, options, _environment, cancellationToken)
        : TestApi.StartAsync(_work, options, _environment, cancellationToken);

    /// <summary>Takes connections and never says a word.</summary>
    private string Silent()
    {
        if (_silent is null)
        {
            _silent = new TcpListener(IPAddress.Loopback, 0);
            _silent.Start();
        }
        return _silent.LocalEndpoint.ToString()!;
    }

    private void FileStep(string command, List<string> arguments, bool not)
    {
        switch (command)
        {
            case "cp": File.Copy(Where(arguments[0]), Where(arguments[1]), overwrite: true); break;
            case "write": File.WriteAllText(Where(arguments[1]), Lines(arguments[0])); break;
            case "rm": File.Delete(Where(arguments[0])); break;
            case "mkdir": Directory.CreateDirectory(Where(arguments[0])); break;
            case "link": File.CreateSymbolicLink(Where(arguments[1]), arguments[0]); break;
            case "chmod" when !OperatingSystem.IsWindows(): File.SetUnixFileMode(Where(arguments[1]), Mode(arguments[0])); break;
            case "mode" when !OperatingSystem.IsWindows(): Assert.Equal(Mode(arguments[0]), File.GetUnixFileMode(Where(arguments[1]))); break;
            case "exists": Assert.Equal(!not, File.Exists(Where(arguments[0]))); break;
            case "replace": File.WriteAllText(Where(arguments[2]), File.ReadAllText(Where(arguments[2])).Replace(Lines(arguments[0]), Lines(arguments[1]), StringComparison.Ordinal)); break;
            case "encode": File.WriteAllText(Where(arguments[2]), File.ReadAllText(Where(arguments[2])).Replace(arguments[1], Convert.ToBase64String(File.ReadAllBytes(Where(arguments[0]))), StringComparison.Ordinal)); break;
            case "items": File.AppendAllLines(Where(arguments[0]), arguments[1..].Select(item => "  - " + File.ReadAllText(Where(item)).TrimEnd('\n').Replace("\n", "\n    ", StringComparison.Ordinal))); break;
            case "grow": File.AppendAllText(Where(arguments[0]), "\n" + new string(arguments is [_, _, "binary"] ? '\0' : '#', int.Parse(arguments[1], CultureInfo.InvariantCulture) << 20)); break;
            case "files": Assert.Equal(arguments[1..], Directory.GetFiles(Where(arguments[0])).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)); break;
            default: throw new InvalidOperationException($"no such command: {command}");
        }
    }

    private async Task RunProgramAsync(string name, List<string> arguments, int expected, CancellationToken cancellationToken)
    {
        var program = SealProgram.Path;
        if (name == "kubeseal")
        {
            Directory.CreateDirectory(_work.File(".bin"));
            program = _work.File(".bin/kubeseal");
            if (!File.Exists(program)) File.CreateSymbolicLink(program, SealProgram.Path);
        }
        _last = await SealProgram.RunAsync(program, arguments, _input, _work.Path, _environment, cancellationToken);
        _input = [];
        Assert.True(_last.ExitCode == expected, $"expected exit code {expected}");
    }

    /// <summary>With an author of its own and without the user's configuration.</summary>
    private async Task RunGitAsync(List<string> arguments, int expected, CancellationToken cancellationToken)
    {
        Dictionary<string, string> environment = new(_environment, StringComparer.Ordinal) { ["GIT_CONFIG_NOSYSTEM"] = "1" };
        string[] identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"];
        Assert.SkipUnless(MachinePath.Has("git"), "git is not on the PATH");
        _last = await SealProgram.RunAsync("git", [.. identity, .. arguments], _input, _work.Path, environment, cancellationToken);
        _input = [];
        Assert.True(_last.ExitCode == expected, $"expected exit code {expected}");
    }

    private async Task OpensAsync(List<string> arguments, CancellationToken cancellationToken)
    {
        var key = arguments.Count > 3 ? arguments[3] : Path.Combine(Vectors.Folder, "keys", "main.key");
        string[] command = ["--recovery-unseal", "--recovery-private-key", key, "-o", "json"];
        var run = await SealProgram.RunAsync(SealProgram.Path, command, Bytes(arguments[0]), _work.Path, new Dictionary<string, string>(), cancellationToken);
        Assert.True(run.ExitCode == 0, run.Error);
        var value = (string?)JsonNode.Parse(run.OutputText)!["data"]![arguments[1]] ?? throw new InvalidOperationException($"no item {arguments[1]}");
        Assert.Equal(arguments[2], Encoding.UTF8.GetString(Convert.FromBase64String(value)));
    }

    private static void Expect(string text, string wanted, bool not)
    {
        var found = wanted.Length == 0 ? text.Length == 0
            : wanted.Length > 2 && wanted[0] == '/' && wanted[^1] == '/' ? Regex.IsMatch(text, wanted[1..^1], RegexOptions.Multiline)
            : text.Contains(wanted, StringComparison.Ordinal);
        Assert.True(found != not, not ? "it is there" : "it is not there");
    }

    private IEnumerable<string> Rest(string name, List<string> words) =>
        Encoding.UTF8.GetString(Bytes(name)).Split('\n').Where(line => !words.Any(word => line.Contains(word, StringComparison.Ordinal)));

    private byte[] Bytes(string name) => name == "stdout" ? _last.Output : name == "stderr" ? Encoding.UTF8.GetBytes(_last.Error) : File.ReadAllBytes(Where(name));

    private string Where(string name) => Path.Combine(_work.Path, name);

    private void Save(string? file, StringBuilder content)
    {
        if (file is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Where(file))!);
            File.WriteAllText(Where(file), content.ToString());
        }
        content.Clear();
    }

    private static string Lines(string text) => text.Replace("\\n", "\n", StringComparison.Ordinal);

    private static UnixFileMode Mode(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);

    private static string Excerpt(string text) => text.Length > 3000 ? text[..3000] + "…" : text;

    /// <summary>Words as a shell has them: single and double quotes group; $NAME is put in outside single quotes.</summary>
    private List<string> Words(string line)
    {
        // A regular expression reaches to the end of its line, spaces and quotes included.
        if (Regex.Match(line, "^(! )?(stdout|stderr) (/.+/)$") is { Success: true } pattern)
            return [.. line.StartsWith('!') ? ["!"] : Array.Empty<string>(), pattern.Groups[2].Value, pattern.Groups[3].Value];
        var words = new List<string>();
        foreach (Match match in Regex.Matches(line, """(?:'[^']*'|"[^"]*"|[^\s'"])+"""))
        {
            words.Add(Regex.Replace(match.Value, """'([^']*)'|"([^"]*)"|([^'"]+)""", part =>
                part.Groups[1].Success ? part.Groups[1].Value : Expand(part.Groups[2].Success ? part.Groups[2].Value : part.Groups[3].Value)));
        }
        return words;
    }

    private string Expand(string text) => text
        .Replace("$WORK", _work.Path, StringComparison.Ordinal)
        .Replace("$VECTORS", Vectors.Folder, StringComparison.Ordinal)
        .Replace("$KEYS", Path.Combine(Vectors.Folder, "keys"), StringComparison.Ordinal)
        .Replace("$PROGRAM", SealProgram.Path, StringComparison.Ordinal)
        .Replace("$REPOSITORY", Path.GetFullPath(Path.Combine(Vectors.Folder, "..", "..", "..")), StringComparison.Ordinal)
        .Replace("$SOPS_KEYS", Path.Combine(SopsVectors.Folder, "keys"), StringComparison.Ordinal)
        .Replace("$AGE_A", SopsVectors.Recipient("age-a"), StringComparison.Ordinal)
        .Replace("$AGE_B", SopsVectors.Recipient("age-b"), StringComparison.Ordinal)
        .Replace("$AGE_C", SopsVectors.Recipient("age-c"), StringComparison.Ordinal)
        .Replace("$KEY_A", SopsVectors.Identity("age-a"), StringComparison.Ordinal)
        .Replace("$KEY_B", SopsVectors.Identity("age-b"), StringComparison.Ordinal)
        .Replace("$SSH", SopsVectors.Recipient("ssh"), StringComparison.Ordinal)
        .Replace("$SILENT", text.Contains("$SILENT", StringComparison.Ordinal) ? Silent() : "", StringComparison.Ordinal)
        .Replace("$SERVER", _api?.Address ?? "", StringComparison.Ordinal)
        .Replace("$TOKEN", _api?.AdminToken ?? "", StringComparison.Ordinal);
}
