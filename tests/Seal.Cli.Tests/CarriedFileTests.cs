using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>SopsSecrets that carry a whole file in <c>spec.document</c>.</summary>
public sealed class CarriedFileTests
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

    [Theory]
    [InlineData("secret", "password: hunter2")]
    [InlineData("sealed", "kind: SealedSecret")]
    [InlineData("sops", "recipient: age1")]
    public async Task It_is_converted_as_the_Secret_that_comes_of_it(string form, string expected)
    {
        using var work = new WorkFolder();
        var run = await RunAsync(work, $"seal convert --to {form} --age \"$AGE\" --cert \"$CERT\" carrier.yaml");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains(expected, run.OutputText, StringComparison.Ordinal);
        Assert.Contains("namespace: team-a", run.OutputText, StringComparison.Ordinal);
        Assert.DoesNotContain("bound-to", run.OutputText, StringComparison.Ordinal);
        Assert.Equal(form == "secret", run.OutputText.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task So_are_the_templates_of_one_that_is_encrypted_itself()
    {
        using var work = new WorkFolder();
        var run = await RunAsync(work, """
            printf 'apiVersion: isindir.github.com/v1alpha3\nkind: SopsSecret\nmetadata: {name: db, namespace: team-a}\nspec:\n  secretTemplates:\n    - name: one\n      stringData: {a: hunter2}\n    - name: two\n      stringData: {b: hunter3}\n' > plain.yaml
            seal sops encrypt --age "$AGE" --encrypted-suffix Templates plain.yaml | seal convert --to secret -
            """);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(2, run.OutputText.Split("kind: Secret\n").Length - 1);
        Assert.Contains("name: two", run.OutputText, StringComparison.Ordinal);
        Assert.Contains("a: aHVudGVyMg==", run.OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changes_in_it_is_explained()
    {
        using var work = new WorkFolder();
        var run = await RunAsync(work, """
            printf 'apiVersion: isindir.github.com/v1alpha3\nkind: SopsSecret\nmetadata: {name: carrier, namespace: team-a}\nspec:\n  document: |\n' > open.yaml
            sed 's/^/    /' plain.yaml >> open.yaml
            seal diff --no-index carrier.yaml carrier.yaml
            echo decrypted
            seal diff --no-index --exit-code carrier.yaml open.yaml && exit 1
            echo encrypted
            seal diff --no-index --exit-code open.yaml carrier.yaml && exit 1
            echo edited
            cp carrier.yaml more.yaml
            seal sops set file.yaml '["stringData"]["user"]' '"root"'
            printf 'apiVersion: isindir.github.com/v1alpha3\nkind: SopsSecret\nmetadata: {name: carrier, namespace: team-a}\nspec:\n  document: |\n' > more.yaml
            sed 's/^/    /' file.yaml >> more.yaml
            seal diff --no-index carrier.yaml more.yaml
            echo among others
            for side in carrier open; do printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n---\n' | cat - $side.yaml > two-$side.yaml; done
            seal diff --no-index two-carrier.yaml two-open.yaml
            echo carried from now on
            seal sops encrypt --age "$AGE" plain.yaml > whole.yaml
            seal diff --no-index whole.yaml carrier.yaml
            echo for git
            seal diff --textconv open.yaml
            """);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.DoesNotContain("hunter2", run.OutputText + run.Error, StringComparison.Ordinal);
        Assert.StartsWith("""
            decrypted
            open.yaml
              SopsSecret team-a/carrier: spec.document: SOPS
                no longer encrypted with SOPS: IN PLAIN TEXT
            """, run.OutputText, StringComparison.Ordinal);
        Assert.Contains("encrypted with SOPS; before it was not, and stays readable in the history", run.OutputText, StringComparison.Ordinal);
        Assert.Contains("edited\nmore.yaml\n  SopsSecret team-a/carrier: spec.document: SOPS\n    stringData.user added\namong others\n", run.OutputText, StringComparison.Ordinal);
        Assert.Contains("two-open.yaml\n  SopsSecret team-a/carrier: spec.document: SOPS\n    no longer encrypted", run.OutputText, StringComparison.Ordinal);
        Assert.Contains("carried from now on\ncarrier.yaml\n  SOPS\n", run.OutputText, StringComparison.Ordinal);
        Assert.EndsWith("password: IN PLAIN TEXT\n", run.OutputText, StringComparison.Ordinal);
    }

    private static async Task<SealRun> RunAsync(WorkFolder work, string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a shell script");
        var shell = new Shell(work);
        shell.Environment["CERT"] = Path.Combine(Vectors.Folder, "keys", "main.crt");
        shell.Environment["AGE"] = SopsVectors.Recipient("age-a");
        shell.Environment["SOPS_AGE_KEY_FILE"] = Path.Combine(SopsVectors.Folder, "keys", "age-a.agekey");
        return await shell.RunAsync("bash", ["-eu", "-c", Carry + "\n" + script], work.Path, Stop);
    }
}
