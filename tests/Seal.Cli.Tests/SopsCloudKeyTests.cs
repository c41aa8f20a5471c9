using GitOpsSecrets.Providers.Tests.SopsKeys;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary><c>seal sops</c> with keys of Google Cloud KMS and Azure Key Vault: the executable against servers over TLS.</summary>
public sealed class SopsCloudKeyTests : IDisposable
{
    private const string Plain = "password: of the test\n";
    private readonly WorkFolder _work = new();

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Google_s_keys_encrypt_open_rotate_and_are_given_to_files_by_rules()
    {
        await using var google = await GoogleKmsServer.StartAsync();
        var variables = google.Variables();
        variables["GOOGLE_OAUTH_ACCESS_TOKEN"] = "ya29.of-the-test";
        await LivesAsync(variables, "gcp-kms", GoogleKmsServer.Key, GoogleKmsServer.OtherKey, "gcp_kms: " + GoogleKmsServer.OtherKey);
        Assert.All(google.Seen, request => Assert.Equal("Bearer ya29.of-the-test", request.Authorization));
    }

    [Fact]
    public async Task Azure_s_keys_encrypt_open_rotate_and_are_given_to_files_by_rules()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SSL_CERT_FILE is Linux's way to trust an authority");
        await using var azure = await AzureKeyServer.StartAsync();
        await File.WriteAllTextAsync(_work.File("ca.pem"), azure.AuthorityPem, Ending);
        var variables = azure.Variables(("AZURE_CLIENT_SECRET", AzureKeyServer.Password), ("SSL_CERT_FILE", _work.File("ca.pem")));
        await LivesAsync(variables, "azure-kv", azure.KeyUrl(), azure.KeyUrl("other"), "azure_keyvault: " + azure.KeyUrl("other"));
    }

    [Fact]
    public async Task A_service_that_refuses_has_the_exit_code_of_a_missing_key_and_shows_no_credential()
    {
        await using var google = await GoogleKmsServer.StartAsync();
        var variables = google.Variables();
        variables["GOOGLE_OAUTH_ACCESS_TOKEN"] = "ya29.of-the-test";
        await File.WriteAllTextAsync(_work.File("secret.yaml"), Plain, Ending);
        await RunAsync(variables, 0, "sops", "encrypt", "-i", "--gcp-kms", GoogleKmsServer.Key, "secret.yaml");
        variables["GOOGLE_OAUTH_ACCESS_TOKEN"] = "expired-token-of-the-test";
        var run = await RunAsync(variables, 128, "sops", "decrypt", "secret.yaml");
        Assert.Contains(GoogleKmsServer.Key, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("expired-token", run.Error, StringComparison.Ordinal);
    }

    /// <summary>The life of a file: its first key, a second beside it, then the second alone.</summary>
    private async Task LivesAsync(Dictionary<string, string> variables, string flag, string first, string second, string rule)
    {
        await File.WriteAllTextAsync(_work.File("secret.yaml"), Plain, Ending);
        await RunAsync(variables, 0, "sops", "encrypt", "-i", $"--{flag}", first, "secret.yaml");
        Assert.DoesNotContain("of the test", await File.ReadAllTextAsync(_work.File("secret.yaml"), Ending), StringComparison.Ordinal);
        Assert.Equal(Plain, (await RunAsync(variables, 0, "sops", "decrypt", "secret.yaml")).OutputText);

        await RunAsync(variables, 0, "sops", "rotate", "-i", $"--add-{flag}", second, "secret.yaml");
        Assert.Equal(2, Count(await File.ReadAllTextAsync(_work.File("secret.yaml"), Ending), "enc: "));
        await File.WriteAllTextAsync(_work.File(".sops.yaml"), $"creation_rules:\n  - {rule}\n", Ending);
        await RunAsync(variables, 0, "sops", "updatekeys", "--yes", "secret.yaml");
        Assert.Equal(1, Count(await File.ReadAllTextAsync(_work.File("secret.yaml"), Ending), "enc: "));
        Assert.Equal(Plain, (await RunAsync(variables, 0, "sops", "decrypt", "secret.yaml")).OutputText);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private async Task<SealRun> RunAsync(Dictionary<string, string> variables, int expected, params string[] arguments)
    {
        var run = await SealProgram.RunAsync(SealProgram.Path, arguments, [], _work.Path, variables, Ending);
        Assert.True(run.ExitCode == expected, $"exit code {run.ExitCode}: {run.Error}");
        return run;
    }
}
