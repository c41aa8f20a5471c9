using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>Every command of the pages on SOPS, rendering, importing and rotating keys runs as it stands there, in their order.</summary>
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

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

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

    [Fact]
    public async Task The_page_on_importing()
    {
        await using var api = await TestApi.StartAsync(_work, [], _shell.Environment, Stop);
        foreach (var kind in (string[])["externalsecrets", "secretstores"])
            await api.ApplyAsync(await File.ReadAllTextAsync(Path.Combine(Shell.Repository, $"deploy/crds/{kind}.external-secrets.io.yaml"), Stop), Stop);
        const string Store = "apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: vault, namespace: shop}\nspec: {provider: {fake: {data: [{key: prod/db, value: hunter2}, {key: prod/mail, value: geheim}]}}}\n";
        await api.ApplyAsync("""
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            {apiVersion: v1, kind: Secret, metadata: {name: app, namespace: shop}, data: {password: aHVudGVyMg==}}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: orders, namespace: shop}
            spec: {secretStoreRef: {name: vault}, data: [{secretKey: a, remoteRef: {key: prod/db}}]}
            """, Stop);
        await api.ApplyAsync(Store, Stop);
        Write("vault.yaml", Store);
        await RunAsync("docs/import.md");
        Assert.Equal(["app.yaml", "db.yaml", "mail.yaml", "orders.yaml", "secretstore-vault.yaml"], Names("overlays/production"));
    }

    [Fact]
    public async Task The_page_on_rotating_keys()
    {
        await using var api = await TestApi.StartAsync(_work, ["cert=other", "keys=main,other"], _shell.Environment, Stop);
        var key = await File.ReadAllTextAsync(Path.Combine(Vectors.Folder, "keys", "main.secret.yaml"), Stop);
        await api.ApplyAsync(key.Replace("sealed-secrets-keyaaaaa", "sealed-secrets-keyabcde", StringComparison.Ordinal), Stop);
        Directory.CreateDirectory(_work.File("clusters"));
        await SealAsync("--cert", "cert.pem", "-f", "secret.yaml", "-w", "clusters/db.yaml");
        var run = await _shell.RunAsync("set -ex\n" + Shell.IndentedCommandsOf("docs/rotate-keys.md", "seal "), _work.Path, Stop);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("1 changed", run.OutputText, StringComparison.Ordinal);
        Assert.Contains("retired kube-system/sealed-secrets-keyabcde", run.OutputText, StringComparison.Ordinal);
    }

    private IEnumerable<string?> Names(string folder) => Directory.GetFiles(_work.File(folder)).Select(Path.GetFileName).Order(StringComparer.Ordinal);

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
