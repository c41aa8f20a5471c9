using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary><c>seal render</c> of a SopsSecret that carries a whole file in <c>spec.document</c>.</summary>
public sealed class RenderCarriedTests
{
    private const string Carry = """
        cat > plain.yaml <<'END'
        apiVersion: v1
        kind: Secret
        metadata:
          name: db
          namespace: elsewhere
          labels: {app: shop}
          annotations: {gitopssecrets.io/bound-to: team-a/carrier}
        stringData:
          password: hunter2
        END
        seal sops encrypt --age "$AGE" --encrypted-regex '^(data|stringData|gitopssecrets.io/bound-to)$' plain.yaml > file.yaml
        printf 'apiVersion: isindir.github.com/v1alpha3\nkind: SopsSecret\nmetadata: {name: carrier, namespace: team-a}\nspec:\n  document: |\n' > carrier.yaml
        sed 's/^/    /' file.yaml >> carrier.yaml
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_Secret_is_rendered_in_the_namespace_of_the_object()
    {
        using var work = new WorkFolder();
        var run = await RunAsync(work, "seal render carrier.yaml");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal("", run.Error);
        Assert.Contains("kind: Secret\n", run.OutputText, StringComparison.Ordinal);
        Assert.Contains("namespace: team-a", run.OutputText, StringComparison.Ordinal);
        Assert.Contains("password: hunter2", run.OutputText, StringComparison.Ordinal);
        Assert.Contains("app: shop", run.OutputText, StringComparison.Ordinal);
        Assert.DoesNotContain("SopsSecret", run.OutputText, StringComparison.Ordinal);
        Assert.DoesNotContain("bound-to", run.OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_was_changed_or_cannot_be_opened_is_an_error_without_a_value()
    {
        foreach (var change in new[] { "sed -i 's/app: shop/app: other/' carrier.yaml", "unset SOPS_AGE_KEY_FILE" })
        {
            using var work = new WorkFolder();
            var run = await RunAsync(work, change + "; seal render carrier.yaml");
            Assert.NotEqual(0, run.ExitCode);
            Assert.Contains("carrier", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", run.OutputText + run.Error, StringComparison.Ordinal);
        }
    }

    private static async Task<SealRun> RunAsync(WorkFolder work, string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a shell script");
        var shell = new Shell(work);
        shell.Environment["AGE"] = SopsVectors.Recipient("age-a");
        shell.Environment["SOPS_AGE_KEY_FILE"] = Path.Combine(SopsVectors.Folder, "keys", "age-a.agekey");
        return await shell.RunAsync("bash", ["-eu", "-c", Carry + "\n" + script], work.Path, Stop);
    }
}
