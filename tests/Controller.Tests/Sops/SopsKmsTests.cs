using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.SopsKeys;
using GitOpsSecrets.Providers.Tests.Aws;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Keys;
using GitOpsSecrets.Sops.Rules;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.Sops;

/// <summary>SopsSecrets whose data key AWS KMS wraps, on moto.</summary>
public sealed class SopsKmsTests(SharedClusters clusters)
{
    private const string Credentials = "aws_access_key_id: AKIATEST\naws_secret_access_key: secret-of-the-test\n";

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task Credentials_in_the_key_Secret_of_the_namespace_open_what_belongs_there(ClusterKind kind)
    {
        var arn = await Moto.CreateKeyAsync(Moto.Address());
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await PutCredentialsAsync(stage);
        stage.Start(Environment());
        await stage.ApplyAsync(await SopsSecretAsync("db", arn));

        Assert.Equal("x", Stage.Item(await stage.SecretAsync("db"), "a"));
        Assert.DoesNotContain("secret-of-the-test", stage.Log.ToString(), StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task A_key_that_is_not_there_is_named_in_the_condition(ClusterKind kind)
    {
        var arn = await Moto.CreateKeyAsync(Moto.Address());
        var absent = $"arn:aws:kms:eu-west-1:123456789012:key/{Guid.NewGuid()}";
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await PutCredentialsAsync(stage);
        stage.Start(Environment());
        var source = await SopsSecretAsync("db", arn);
        source["sops"]!["kms"]![0]!["arn"] = absent;
        await stage.ApplyAsync(source);

        var message = SopsStage.Condition(await stage.ReadyAsync("db", "False", "NoKey"), "Ready")!.Message!;
        Assert.Contains(absent, message, StringComparison.Ordinal);
        Assert.Contains("NotFoundException", message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Environment() => new(StringComparer.Ordinal) { ["AWS_ENDPOINT_URL"] = Moto.Address().ToString() };

    private static Task<Secret> PutCredentialsAsync(SopsStage stage) => stage.Kube.CreateAsync(ClusterKinds.Secrets, new Secret
    {
        Metadata = new ObjectMeta { Namespace = stage.Namespace, Name = "sops-keys" },
        Data = new(StringComparer.Ordinal) { ["sops.aws-kms"] = Encoding.UTF8.GetBytes(Credentials) },
    }, Ending);

    private static async Task<JsonObject> SopsSecretAsync(string name, string arn)
    {
        var text = $$"""
            apiVersion: {{SopsSecret.GroupVersion}}
            kind: SopsSecret
            metadata:
                name: {{name}}
            spec:
                secretTemplates:
                    - { name: {{name}}, stringData: {a: x} }
            """;
        var credentials = new KeyServiceCredentials { Items = new Dictionary<string, string>(StringComparer.Ordinal) { ["sops.aws-kms"] = Credentials }, Variables = Environment() };
        var context = new KeyServiceContext(credentials, new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), new UncountedCalls(), TimeProvider.System);
        var builder = new SopsKeyringBuilder();
        foreach (var service in KeyServiceCatalog.All) builder.Add(service.Source(() => context));
        using var plain = PlainFile.Parse(Encoding.UTF8.GetBytes(text), SopsFormat.Yaml);
        var options = new SealingOptions([new KeyGroup([MasterKeyText.AwsKms(arn, "", "app:shop")])], Rule: SelectionRule.Create(SelectionKind.EncryptedSuffix, SopsFiles.Templates));
        return SopsFiles.Object(Encoding.UTF8.GetString((await SopsFile.SealAsync(plain, options, builder.Build(), TimeProvider.System, Ending)).ToBytes()));
    }
}
