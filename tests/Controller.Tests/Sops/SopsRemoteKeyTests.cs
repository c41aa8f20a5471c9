using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Providers.SopsKeys;
using GitOpsSecrets.Providers.Tests.SopsKeys;
using GitOpsSecrets.Sops.Keys;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.Sops;

/// <summary>SopsSecrets whose data key a service keeps: with whose rights it is asked, and what its silence means.</summary>
public sealed class SopsRemoteKeyTests(SharedClusters clusters)
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task A_token_in_the_key_Secret_of_the_namespace_opens_what_belongs_there(ClusterKind kind)
    {
        await using var vault = await TransitServer.StartAsync();
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await PutTokenAsync(stage);
        stage.Start(Environment(vault));
        await stage.ApplyAsync(await SopsSecretAsync(vault, "db"));

        Assert.Equal("x", Stage.Item(await stage.SecretAsync("db"), "a"));
        Assert.DoesNotContain(TransitServer.Token, stage.Log.ToString(), StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task The_controllers_token_opens_only_what_says_where_it_belongs(ClusterKind kind)
    {
        await using var vault = await TransitServer.StartAsync();
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        var environment = Environment(vault);
        (environment["VAULT_TOKEN"], environment["VAULT_ADDR"]) = (TransitServer.Token, vault.Address);
        stage.Start(environment);
        await stage.ApplyAsync(await SopsSecretAsync(vault, "copied"));
        await stage.ApplyAsync(await SopsSecretAsync(vault, "bound", $"boundTo: {stage.Namespace}/bound, "));

        Assert.Equal("x", Stage.Item(await stage.SecretAsync("bound"), "a"));
        await stage.ReadyAsync("copied", "False", "NotBound");
    }

    [Theory, OnEachCluster]
    public async Task A_service_that_does_not_answer_is_asked_again(ClusterKind kind)
    {
        await using var vault = await TransitServer.StartAsync();
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await PutTokenAsync(stage);
        var source = await SopsSecretAsync(vault, "db");
        vault.Status = 503;
        stage.Start(Environment(vault));
        await stage.ApplyAsync(source);
        await stage.ReadyAsync("db", "False", "KeyServiceUnavailable");
        vault.Status = null;

        Assert.Equal("x", Stage.Item(await stage.SecretAsync("db"), "a"));
    }

    [Theory, OnEachCluster]
    public async Task A_refusal_is_told_and_a_right_given_later_counts_without_a_change_of_the_object(ClusterKind kind)
    {
        await using var vault = await TransitServer.StartAsync();
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await PutTokenAsync(stage);
        var source = await SopsSecretAsync(vault, "db");
        vault.Status = 403;
        stage.Start(Environment(vault));
        await stage.ApplyAsync(source);
        var refused = await stage.ReadyAsync("db", "False", "NoKey");
        Assert.Contains("403", SopsStage.Condition(refused, "Ready")!.Message, StringComparison.Ordinal);
        vault.Status = null;

        await stage.SecretAsync("db");
    }

    [Theory, OnEachCluster]
    public async Task Google_s_key_file_in_the_key_Secret_of_the_namespace_opens_what_belongs_there(ClusterKind kind)
    {
        await using var google = await GoogleKmsServer.StartAsync();
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutCredentialsAsync("sops.gcp-kms", google.KeyFile());
        var credentials = new KeyServiceCredentials { Items = new Dictionary<string, string>(StringComparer.Ordinal) { ["sops.gcp-kms"] = google.KeyFile() }, Variables = google.Variables() };
        stage.Start(google.Variables());
        await stage.ApplyAsync(await SopsFiles.KeptAsync("db", MasterKeyText.GcpKms(GoogleKmsServer.Key), credentials));

        Assert.Equal("x", Stage.Item(await stage.SecretAsync("db"), "a"));
        Assert.DoesNotContain("PRIVATE KEY", stage.Log.ToString(), StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task Azure_s_application_in_the_key_Secret_of_the_namespace_opens_what_belongs_there(ClusterKind kind)
    {
        await using var azure = await AzureKeyServer.StartAsync();
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutCredentialsAsync("sops.azure-kv", azure.Item());
        var credentials = new KeyServiceCredentials { Items = new Dictionary<string, string>(StringComparer.Ordinal) { ["sops.azure-kv"] = azure.Item() }, TrustsAddresses = true };
        stage.Http = azure.Http;
        stage.Start();
        await stage.ApplyAsync(await SopsFiles.KeptAsync("db", MasterKeyText.AzureKeyVault(azure.KeyUrl()), credentials, stage.Http));

        Assert.Equal("x", Stage.Item(await stage.SecretAsync("db"), "a"));
        Assert.DoesNotContain(AzureKeyServer.Password, stage.Log.ToString(), StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Environment(TransitServer vault) => new(StringComparer.Ordinal) { ["VAULT_CACERT"] = vault.AuthorityFile };

    private static Task<Secret> PutTokenAsync(SopsStage stage) => stage.PutCredentialsAsync("sops.vault-token", TransitServer.Token);

    private static Task<JsonObject> SopsSecretAsync(TransitServer vault, string name, string more = "")
    {
        var variables = Environment(vault);
        variables["VAULT_TOKEN"] = TransitServer.Token;
        return SopsFiles.KeptAsync(name, MasterKeyText.VaultTransit(vault.KeyUrl()), new KeyServiceCredentials { Variables = variables, TrustsAddresses = true }, more: more);
    }
}
