using GitOpsSecrets.Providers.Tests.Aws;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary><c>seal sops</c> with keys that AWS KMS keeps: the executable against moto.</summary>
public sealed class SopsKmsTests : IDisposable
{
    private const string Plain = "password: of the test\n";
    private readonly WorkFolder _work = new();

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Files_are_encrypted_opened_rotated_and_given_to_other_keys()
    {
        var moto = Moto.Address();
        var (first, second, third) = (await Moto.CreateKeyAsync(moto), await Moto.CreateKeyAsync(moto, "eu-central-1"), await Moto.CreateKeyAsync(moto));
        await File.WriteAllTextAsync(_work.File("secret.yaml"), Plain, Ending);
        await RunAsync(0, "sops", "encrypt", "-i", "--kms", $"{first}+arn:aws:iam::123456789012:role/sops", "--encryption-context", "app:shop,stage:live", "secret.yaml");
        Assert.Equal(Plain, (await RunAsync(0, "sops", "decrypt", "secret.yaml")).OutputText);

        await RunAsync(0, "sops", "rotate", "-i", "--add-kms", second, "secret.yaml");
        await File.WriteAllTextAsync(_work.File(".sops.yaml"), $"creation_rules:\n  - key_groups:\n      - kms:\n          - arn: {third}\n            context: {{app: shop}}\n", Ending);
        await RunAsync(0, "sops", "updatekeys", "--yes", "secret.yaml");
        var text = await File.ReadAllTextAsync(_work.File("secret.yaml"), Ending);
        Assert.Contains(third, text, StringComparison.Ordinal);
        Assert.DoesNotContain(first, text, StringComparison.Ordinal);
        Assert.Equal(Plain, (await RunAsync(0, "sops", "decrypt", "secret.yaml")).OutputText);

        await File.WriteAllTextAsync(_work.File("moved.yaml"), text.Replace("app: shop", "app: bank", StringComparison.Ordinal), Ending);
        var run = await RunAsync(128, "sops", "decrypt", "moved.yaml");
        Assert.Contains(third, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_named_is_removed_together_with_its_context()
    {
        var moto = Moto.Address();
        var (first, second) = (await Moto.CreateKeyAsync(moto), await Moto.CreateKeyAsync(moto));
        await File.WriteAllTextAsync(_work.File("secret.yaml"), Plain, Ending);
        await RunAsync(0, "sops", "encrypt", "-i", "--kms", $"{first},{second}", "--encryption-context", "app:shop", "secret.yaml");
        await RunAsync(0, "sops", "rotate", "-i", "--rm-kms", first, "--encryption-context", "app:shop", "secret.yaml");
        Assert.DoesNotContain(first, await File.ReadAllTextAsync(_work.File("secret.yaml"), Ending), StringComparison.Ordinal);
        Assert.Equal(Plain, (await RunAsync(0, "sops", "decrypt", "secret.yaml")).OutputText);
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_named_and_nothing_is_written()
    {
        Moto.Address();
        var absent = $"arn:aws:kms:eu-west-1:123456789012:key/{Guid.NewGuid()}";
        await File.WriteAllTextAsync(_work.File("secret.yaml"), Plain, Ending);
        var run = await RunAsync(1, "sops", "encrypt", "-i", "--kms", absent, "secret.yaml");
        Assert.Contains(absent, run.Error, StringComparison.Ordinal);
        Assert.Contains("NotFoundException", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("of the test", run.Error, StringComparison.Ordinal);
        Assert.Equal(Plain, await File.ReadAllTextAsync(_work.File("secret.yaml"), Ending));
    }

    private async Task<SealRun> RunAsync(int expected, params string[] arguments)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AWS_ENDPOINT_URL"] = Moto.Address().ToString(),
            ["AWS_ACCESS_KEY_ID"] = "AKIATEST",
            ["AWS_SECRET_ACCESS_KEY"] = "secret-of-the-test",
        };
        var run = await SealProgram.RunAsync(SealProgram.Path, arguments, [], _work.Path, variables, Ending);
        Assert.True(run.ExitCode == expected, $"exit code {run.ExitCode}: {run.Error}");
        return run;
    }
}
