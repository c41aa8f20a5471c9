using GitOpsSecrets.Providers.Tests.SopsKeys;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary><c>seal sops</c> with keys that Vault keeps: the executable against a server over TLS.</summary>
public sealed class SopsVaultTests : IDisposable
{
    private readonly WorkFolder _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Files_are_encrypted_opened_rotated_and_given_to_other_keys()
    {
        await using var vault = await TransitServer.StartAsync();
        await File.WriteAllTextAsync(_work.File("secret.yaml"), "password: of the test\n", TestContext.Current.CancellationToken);
        await RunAsync(vault, 0, "sops", "encrypt", "-i", "--hc-vault-transit", vault.KeyUrl(), "secret.yaml");
        Assert.Equal("password: of the test\n", (await RunAsync(vault, 0, "sops", "decrypt", "secret.yaml")).OutputText);

        await RunAsync(vault, 0, "sops", "rotate", "-i", "--add-hc-vault-transit", vault.KeyUrl("other"), "secret.yaml");
        await File.WriteAllTextAsync(_work.File(".sops.yaml"), $"creation_rules:\n  - hc_vault_transit_uri: {vault.KeyUrl("third")}\n", TestContext.Current.CancellationToken);
        await RunAsync(vault, 0, "sops", "updatekeys", "--yes", "secret.yaml");
        var text = await File.ReadAllTextAsync(_work.File("secret.yaml"), TestContext.Current.CancellationToken);
        Assert.Contains("key_name: third", text, StringComparison.Ordinal);
        Assert.DoesNotContain("key_name: app", text, StringComparison.Ordinal);
        Assert.Equal("password: of the test\n", (await RunAsync(vault, 0, "sops", "decrypt", "secret.yaml")).OutputText);
    }

    [Fact]
    public async Task A_variable_of_the_original_names_the_key()
    {
        await using var vault = await TransitServer.StartAsync();
        await File.WriteAllTextAsync(_work.File("secret.json"), """{"a":"b"}""", TestContext.Current.CancellationToken);
        await RunAsync(vault, 0, ["sops", "encrypt", "secret.json"], ("SOPS_VAULT_URIS", vault.KeyUrl()));
        Assert.Equal("/v1/transit/encrypt/app", Assert.Single(vault.Seen).Path);
    }

    [Fact]
    public async Task What_Vault_refuses_has_the_exit_code_of_a_missing_key()
    {
        await using var vault = await TransitServer.StartAsync();
        await File.WriteAllTextAsync(_work.File("secret.yaml"), "a: b\n", TestContext.Current.CancellationToken);
        await RunAsync(vault, 0, "sops", "encrypt", "-i", "--hc-vault-transit", vault.KeyUrl(), "secret.yaml");
        var run = await RunAsync(vault, 128, ["sops", "decrypt", "secret.yaml"], ("VAULT_TOKEN", "hvs.wrong"));
        Assert.Contains("permission denied", run.Error, StringComparison.Ordinal);
        run = await RunAsync(vault, 128, ["sops", "decrypt", "secret.yaml"], ("VAULT_TOKEN", ""));
        Assert.Contains("vault login", run.Error, StringComparison.Ordinal);
    }

    private Task<SealRun> RunAsync(TransitServer vault, int expected, params string[] arguments) => RunAsync(vault, expected, arguments, []);

    private async Task<SealRun> RunAsync(TransitServer vault, int expected, string[] arguments, params (string Name, string Value)[] more)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["VAULT_TOKEN"] = TransitServer.Token, ["VAULT_CACERT"] = vault.AuthorityFile };
        foreach (var (name, value) in more) variables[name] = value;
        var run = await SealProgram.RunAsync(SealProgram.Path, arguments, [], _work.Path, variables, TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == expected, $"exit code {run.ExitCode}: {run.Error}");
        return run;
    }
}
