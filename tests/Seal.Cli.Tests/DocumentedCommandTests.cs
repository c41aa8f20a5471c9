using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>Every command of the pages on SOPS and rendering runs as it stands there, in their order.</summary>
public sealed class DocumentedCommandTests : IDisposable
{
    private const string Plain = """
        apiVersion: v1
        kind: Secret
        metadata:
            name: db
            namespace: team-a
        stringData:
            # by hand
            password: hunter2
            user: admin

        """;

    private readonly WorkFolder _work = new();
    private readonly Shell _shell;

    public DocumentedCommandTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the pages' commands are for a POSIX shell");
        _shell = new Shell(_work);
        _shell.Environment["RECIPIENT"] = SopsVectors.Recipient("age-a");
        _shell.Environment["COLLEAGUE"] = SopsVectors.Recipient("age-b");
        _shell.Environment["PASSWORD"] = "correct horse";
        _shell.Environment["EDITOR"] = "sed -i s/hunter2/tiger/";
        // The cluster: what is read from it, and what is applied to it. Files that commands name must be there.
        _shell.Program("kubectl", """
            case "$*" in
              "get secret db -o yaml") cat plain.yaml ;;
              *"-f -") cat >> applied.yaml ;;
              *) for word in "$@"; do case "$word" in */*.yaml) test -e "$word" || exit 1 ;; --from-file=*) test -e "${word##*=}" || exit 1 ;; esac; done ;;
            esac
            """);
        _shell.Program("kustomize", """test "$1" = build && cat "$2/built.yaml" """);
        File.Copy(SopsVectors.KeyFile("age-a"), _work.File("age.key"));
        File.Copy(Path.Combine(Vectors.Folder, "keys", "main.key"), _work.File("cluster-key.pem"));
        File.Copy(Path.Combine(Vectors.Folder, "keys", "main.crt"), _work.File("cert.pem"));
        foreach (var file in new[] { "plain.yaml", "secret.yaml", "production/secret.yaml" }) Write(file, Plain);
    }

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task The_page_on_SOPS()
    {
        Write("settings.env", "PASSWORD=hunter2\n");
        Write(".sops.yaml", Shell.Blocks("docs/sops.md", "yaml").Single(block => block.StartsWith("creation_rules:", StringComparison.Ordinal)));
        await RunAsync("docs/sops.md");

        Assert.DoesNotContain("hunter2", Read("settings.env"), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Read("production/secret.yaml"), StringComparison.Ordinal);
        Assert.Contains(SopsVectors.Recipient("age-b"), Read("secret.enc.yaml"), StringComparison.Ordinal);
        var decrypted = await SealAsync("sops", "decrypt", "--key-file", "age.key", "secret.enc.yaml");
        Assert.Equal(Plain.Replace("hunter2", "correct horse", StringComparison.Ordinal).Replace("    user: admin\n", "", StringComparison.Ordinal), decrypted.OutputText);
        var converted = await SealAsync("convert", "--to", "secret", "--key-file", "age.key", "db.enc.yaml");
        Assert.Equal(Plain.Replace("    ", "  ", StringComparison.Ordinal), converted.OutputText);
    }

    [Fact]
    public async Task The_page_on_rendering()
    {
        _shell.Environment["SOPS_AGE_KEY_FILE"] = "age.key";
        await _shell.RunAsync("cp -r '" + Shell.Repository + "/deploy' deploy", _work.Path, TestContext.Current.CancellationToken);
        Directory.CreateDirectory(_work.File("manifests"));
        Directory.CreateDirectory(_work.File("overlays/production"));
        await SealAsync("sops", "encrypt", "--age", SopsVectors.Recipient("age-a"), "--encrypted-regex", "^stringData$", "--output", "manifests/db.yaml", "secret.yaml");
        File.Copy(_work.File("manifests/db.yaml"), _work.File("overlays/production/built.yaml"));
        Write("resource-list.yaml", "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- " + Read("manifests/db.yaml").TrimEnd('\n').Replace("\n", "\n  ", StringComparison.Ordinal) + "\n");
        await RunAsync("docs/render.md");
        Assert.Equal(2, Read("applied.yaml").Split("password: hunter2").Length - 1);
    }

    private async Task RunAsync(string page)
    {
        var run = await _shell.RunAsync("set -ex\n" + Shell.CommandsOf(page), _work.Path, TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.DoesNotContain("error:", run.Error, StringComparison.Ordinal);
    }

    private async Task<SealRun> SealAsync(params string[] arguments)
    {
        var run = await SealProgram.RunAsync(SealProgram.Path, arguments, [], _work.Path, new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        return run;
    }

    private string Read(string file) => File.ReadAllText(_work.File(file));

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_work.File(file))!);
        File.WriteAllText(_work.File(file), text);
    }
}
