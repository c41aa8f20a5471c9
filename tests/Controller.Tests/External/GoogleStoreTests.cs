using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Google;
using GitOpsSecrets.Providers.Tests.Google;
using GitOpsSecrets.Providers.Tests.Http;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>From a manifest to a Secret, with Google behind it.</summary>
public sealed class GoogleStoreTests : IAsyncLifetime
{
    private readonly TestCertificates certificates = new();
    private GoogleSimulator google = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => google = await GoogleSimulator.StartAsync(certificates);

    public async ValueTask DisposeAsync()
    {
        await google.DisposeAsync();
        certificates.Dispose();
    }

    [Fact]
    public async Task The_guide_of_the_store_works_with_workload_identity_and_one_login()
    {
        google.Secret("projects/my-project/secrets/db").Add("""{"password":"hunter2"}"""u8.ToArray());
        await using var stage = await ExternalStage.SetAsync();
        stage.Providers = new ProviderCatalog([new GoogleProvider(Surroundings())]);
        await stage.StartAsync();
        await stage.ApplyAsync("""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"my-app"}}""");
        var guide = await File.ReadAllTextAsync(Path.Combine(EndToEnd.Stage.RepositoryRoot(), "docs", "providers", "google.md"), Ending);
        var start = guide.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        var manifests = guide[start..guide.IndexOf("```", start, StringComparison.Ordinal)].Replace("namespace: default", "namespace: shop", StringComparison.Ordinal);
        foreach (var manifest in manifests.Split("---\n")) await stage.ApplyAsync(manifest);
        await stage.SecretAsync("db", "password", "hunter2");

        await stage.ApplyAsync(
            """
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: all}
            spec:
              secretStoreRef: {name: google, kind: SecretStore}
              dataFrom: [{extract: {key: db}}]
            """);
        await stage.SecretAsync("all", "password", "hunter2");
        Assert.Single(google.To("identitybindingtoken"));
        Assert.DoesNotContain("hunter2", stage.Log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ya29", stage.Log.ToString(), StringComparison.Ordinal);
    }

    private GoogleSurroundings Surroundings()
    {
        string[] services = ["SECRETMANAGER", "SECURETOKEN"];
        var variables = services.ToDictionary(service => "CLOUDSDK_API_ENDPOINT_OVERRIDES_" + service, _ => google.Address.ToString(), StringComparer.Ordinal);
        variables["GCE_METADATA_HOST"] = google.MetadataHost;
        return new GoogleSurroundings { Variables = variables, Authorities = certificates.Authorities };
    }
}
