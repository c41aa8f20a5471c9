using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.SopsKeys;
using GitOpsSecrets.Providers.Tests.SopsKeys;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Keys;
using GitOpsSecrets.Sops.Rules;
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
        await PutTokenAsync(stage, TransitServer.Token);
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
        await PutTokenAsync(stage, TransitServer.Token);
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
        await PutTokenAsync(stage, TransitServer.Token);
        var source = await SopsSecretAsync(vault, "db");
        vault.Status = 403;
        stage.Start(Environment(vault));
        await stage.ApplyAsync(source);
        var refused = await stage.ReadyAsync("db", "False", "NoKey");
        Assert.Contains("403", SopsStage.Condition(refused, "Ready")!.Message, StringComparison.Ordinal);
        vault.Status = null;

        await stage.SecretAsync("db");
    }

    private static Dictionary<string, string> Environment(TransitServer vault) => new(StringComparer.Ordinal) { ["VAULT_CACERT"] = vault.AuthorityFile };

    private static Task<Secret> PutTokenAsync(SopsStage stage, string token) => stage.Kube.CreateAsync(ClusterKinds.Secrets, new Secret
    {
        Metadata = new ObjectMeta { Namespace = stage.Namespace, Name = "sops-keys" },
        Data = new(StringComparer.Ordinal) { ["sops.vault-token"] = Encoding.UTF8.GetBytes(token) },
    }, Ending);

    private static async Task<JsonObject> SopsSecretAsync(TransitServer vault, string name, string more = "")
    {
        var text = $$"""
            apiVersion: {{SopsSecret.GroupVersion}}
            kind: SopsSecret
            metadata:
                name: {{name}}
            spec:
                secretTemplates:
                    - { {{more}}name: {{name}}, stringData: {a: x} }
            """;
        var credentials = new KeyServiceCredentials
        {
            Variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["VAULT_TOKEN"] = TransitServer.Token, ["VAULT_CACERT"] = vault.AuthorityFile },
            TrustsAddresses = true,
        };
        var context = new KeyServiceContext(credentials, new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), new UncountedCalls(), TimeProvider.System);
        var builder = new SopsKeyringBuilder();
        foreach (var kind in KeyServiceCatalog.All) builder.Add(kind.Source(() => context));
        using var plain = PlainFile.Parse(Encoding.UTF8.GetBytes(text), SopsFormat.Yaml);
        var options = new SealingOptions([new KeyGroup([MasterKeyText.VaultTransit(vault.KeyUrl())])], Rule: SelectionRule.Create(SelectionKind.EncryptedSuffix, SopsFiles.Templates));
        return SopsFiles.Object(Encoding.UTF8.GetString((await SopsFile.SealAsync(plain, options, builder.Build(), TimeProvider.System, Ending)).ToBytes()));
    }
}
