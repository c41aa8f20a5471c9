using GitOpsSecrets.Providers.Generators.Google;
using GitOpsSecrets.Providers.Tests.Google;

namespace GitOpsSecrets.Providers.Tests.Generators;

public sealed class GcrAccessTokenGeneratorTests
{
    [Fact]
    public async Task The_password_is_an_access_token_with_its_end()
    {
        await using var set = await GoogleSetUp.MakeAsync();
        var generators = new GeneratorSetUp(new GcrAccessTokenGenerator(set.Surroundings));
        generators.Cluster.Put("team-a", "google", "key.json", set.KeyFile());
        const string Spec = """{"projectID":"my-project","auth":{"secretRef":{"secretAccessKeySecretRef":{"name":"google","key":"key.json"}}}}""";
        using var generated = await generators.GenerateAsync(Spec);
        Assert.Equal(generators.Time.GetUtcNow().AddHours(1), generated.ExpiresAt);
        Assert.Null(generated.State);
        Assert.Equal(
            new() { ["expiry"] = "1767229200", ["password"] = "ya29.token.2", ["username"] = "oauth2accesstoken" },
            await generators.TextsAsync(Spec));
    }

    [Fact]
    public async Task Workload_identity_takes_the_project_of_the_spec_for_that_of_the_cluster()
    {
        await using var set = await GoogleSetUp.MakeAsync();
        IReadOnlyDictionary<string, string>? form = null;
        set.Google.Accepts = fields => (form = fields) is not null;
        var generators = new GeneratorSetUp(new GcrAccessTokenGenerator(set.Surroundings));
        await generators.TextsAsync("""{"projectID":"my-project","auth":{"workloadIdentity":{"clusterLocation":"l","clusterName":"c","serviceAccountRef":{"name":"app"}}}}""");
        Assert.Equal("identitynamespace:my-project.svc.id.goog:https://container.googleapis.com/v1/projects/my-project/locations/l/clusters/c", form!["audience"]);
    }

    [Fact]
    public async Task A_spec_that_cannot_be_is_refused()
    {
        await using var set = await GoogleSetUp.MakeAsync();
        var generators = new GeneratorSetUp(new GcrAccessTokenGenerator(set.Surroundings));
        Assert.Contains("spec.auth.secretRef", await generators.RefusalAsync("""{"projectID":"p","auth":{"secretRef":{}}}"""), StringComparison.Ordinal);
    }
}
