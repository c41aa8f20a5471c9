using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Google;
using GitOpsSecrets.Providers.Tests.Http;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>
/// Google's own library in the executable, compiled ahead of time where <c>SEAL_BIN</c> is: what the library finds by reflection is there for every login. Tokens are
/// given over TLS, to whoever proves what the simulator asks for.
/// </summary>
public sealed class GoogleStoreTests : IDisposable
{
    private const string Email = "reader@my-project.iam.gserviceaccount.com";
    private const string Impersonation = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/" + Email + ":generateAccessToken";
    private readonly WorkFolder _work = new();
    private readonly RSA _key = RSA.Create(2048);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _key.Dispose();
        _work.Dispose();
    }

    [Theory]
    [InlineData("the key of a service account", "ya29.token.1", "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer", "assertion=ey")]
    [InlineData("a user", "ya29.token.1", "grant_type=refresh_token", "client_id=gcloud", "client_secret=of-gcloud", "refresh_token=1%2F%2Fof-the-user")]
    [InlineData("an identity of another provider", "ya29.token.1", "subject_token=proof", "audience=%2F%2Fiam.googleapis.com%2Fpool", "scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform")]
    [InlineData("the machine", "ya29.token.1")]
    [InlineData("a user who acts as a service account", $"ya29.{Email}.2", "refresh_token=1%2F%2Fof-the-user", "\"scope\":[\"https://www.googleapis.com/auth/cloud-platform\"]")]
    [InlineData("a service account that acts as another", $"ya29.{Email}.2", "assertion=ey", "\"lifetime\":\"3600s\"")]
    [InlineData("an identity of another provider that acts as a service account", $"ya29.{Email}.2", "subject_token=proof", "\"scope\":[\"https://www.googleapis.com/auth/cloud-platform\"]")]
    public async Task Everybody_whom_a_file_or_the_machine_names_logs_in(string whose, string token, params string[] sent)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SSL_CERT_FILE is Linux's way to trust an authority");
        using var certificates = new TestCertificates();
        await using var google = await GoogleSimulator.StartAsync(certificates);
        google.Secret("projects/my-project/secrets/db").Add("of the test"u8.ToArray());
        await File.WriteAllTextAsync(_work.File("ca.pem"), certificates.Pem, Ending);
        await File.WriteAllTextAsync(_work.File("proof"), "proof", Ending);
        await File.WriteAllTextAsync(_work.File("app.yaml"), """
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: google, namespace: default}
            spec: {provider: {gcpsm: {projectID: my-project}}}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: made, namespace: default}
            spec:
              secretStoreRef: {name: google}
              data: [{secretKey: password, remoteRef: {key: db}}]
            """, Ending);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SSL_CERT_FILE"] = _work.File("ca.pem"),
            ["CLOUDSDK_AUTH_TOKEN_HOST"] = new Uri(google.Address, "token").ToString(),
            ["CLOUDSDK_CONFIG"] = _work.Path,
            ["GCE_METADATA_HOST"] = google.MetadataHost,
        };
        foreach (var service in (string[])["SECRETMANAGER", "STS", "IAMCREDENTIALS"]) variables["CLOUDSDK_API_ENDPOINT_OVERRIDES_" + service] = google.Address.ToString();
        if (FileOf(whose, google) is { } file)
        {
            variables["GOOGLE_APPLICATION_CREDENTIALS"] = _work.File("credentials.json");
            await File.WriteAllTextAsync(_work.File("credentials.json"), file.ToJsonString(), Ending);
        }

        var run = await SealProgram.RunAsync(SealProgram.Path, ["render", "--external-secrets", "app.yaml"], [], _work.Path, variables, Ending);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains(Convert.ToBase64String("of the test"u8), run.OutputText, StringComparison.Ordinal);
        Assert.Equal("Bearer " + token, Assert.Single(google.To(":access")).Authorization);
        Assert.All(sent, part => Assert.Contains(google.Seen, request => request.Body.Contains(part, StringComparison.Ordinal)));
    }

    private JsonObject? FileOf(string whose, GoogleSimulator google) => whose switch
    {
        "the key of a service account" => Account(google),
        "a user" => User(),
        "an identity of another provider" => External(),
        "a user who acts as a service account" => Acting(User()),
        "a service account that acts as another" => Acting(Account(google)),
        "an identity of another provider that acts as a service account" => With(External(), "service_account_impersonation_url", Impersonation),
        _ => null,
    };

    private JsonObject Account(GoogleSimulator google) => new()
    {
        ["type"] = "service_account",
        ["private_key_id"] = "key-1",
        ["private_key"] = _key.ExportPkcs8PrivateKeyPem(),
        ["client_email"] = "other@my-project.iam.gserviceaccount.com",
        ["token_uri"] = new Uri(google.Address, "token").ToString(),
    };

    private static JsonObject User() => new() { ["type"] = "authorized_user", ["client_id"] = "gcloud", ["client_secret"] = "of-gcloud", ["refresh_token"] = "1//of-the-user" };

    private JsonObject External() => new()
    {
        ["type"] = "external_account",
        ["audience"] = "//iam.googleapis.com/pool",
        ["subject_token_type"] = "urn:ietf:params:oauth:token-type:jwt",
        ["token_url"] = "https://sts.googleapis.com/v1/token",
        ["credential_source"] = new JsonObject { ["file"] = _work.File("proof") },
    };

    private static JsonObject Acting(JsonObject source) => new() { ["type"] = "impersonated_service_account", ["service_account_impersonation_url"] = Impersonation, ["source_credentials"] = source };

    private static JsonObject With(JsonObject file, string name, string value)
    {
        file[name] = value;
        return file;
    }
}
