using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Azure;
using GitOpsSecrets.Providers.Tests.Http;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>Azure's own libraries in the executable, compiled ahead of time where <c>SEAL_BIN</c> is: secrets, certificates, keys and searches of a vault over TLS.</summary>
public sealed class AzureStoreTests : IDisposable
{
    private readonly WorkFolder _work = new();

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task What_a_vault_holds_is_rendered()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SSL_CERT_FILE is Linux's way to trust an authority");
        using var certificates = new TestCertificates();
        await using var azure = await AzureSimulator.StartAsync(TimeProvider.System, certificates);
        azure.Accept("application", "password");
        azure.PageSize = 2;
        foreach (var name in (string[])["app-a", "app-b", "app-c", "other"]) azure.PutSecret(name, $"value of {name}", new JsonObject { ["team"] = "x" });
        azure.Put("certificates/app", new JsonObject { ["cer"] = Convert.ToBase64String("der"u8) });
        azure.Put("keys/app", new JsonObject { ["key"] = new JsonObject { ["kty"] = "RSA", ["e"] = "AQAB", ["n"] = "abc" } });
        await File.WriteAllTextAsync(_work.File("ca.pem"), certificates.Pem, Ending);
        await File.WriteAllTextAsync(_work.File("app.yaml"), $$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: azure, namespace: default}
            stringData: {id: application, password: password}
            ---
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: vault, namespace: default}
            spec:
              provider:
                azurekv:
                  vaultUrl: {{azure.Address}}
                  tenantId: {{AzureSimulator.Tenant}}
                  environmentType: AzureStackCloud
                  customCloudConfig: {activeDirectoryEndpoint: {{azure.Address}}, keyVaultEndpoint: {{azure.Resource}} }
                  authSecretRef: {clientId: {name: azure, key: id}, clientSecret: {name: azure, key: password} }
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: made, namespace: default}
            spec:
              secretStoreRef: {name: vault}
              data:
              - {secretKey: certificate, remoteRef: {key: cert/app} }
              - {secretKey: exponent, remoteRef: {key: key/app, property: e} }
              dataFrom:
              - find: {name: {regexp: ^app-} }
            """, Ending);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["SSL_CERT_FILE"] = _work.File("ca.pem") };
        var run = await SealProgram.RunAsync(SealProgram.Path, ["render", "--external-secrets", "app.yaml"], [], _work.Path, variables, Ending);
        Assert.True(run.ExitCode == 0, run.Error);
        foreach (var value in (string[])["der", "AQAB", "value of app-a", "value of app-b", "value of app-c"]) Assert.Contains(Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(value)), run.OutputText, StringComparison.Ordinal);
        Assert.Equal(1, azure.Logins);
    }
}
