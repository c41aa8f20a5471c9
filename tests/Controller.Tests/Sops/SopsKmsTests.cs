using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Providers.SopsKeys;
using GitOpsSecrets.Providers.Tests.Aws;
using GitOpsSecrets.Sops.Keys;
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
        await stage.PutCredentialsAsync("sops.aws-kms", Credentials);
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
        await stage.PutCredentialsAsync("sops.aws-kms", Credentials);
        stage.Start(Environment());
        var source = await SopsSecretAsync("db", arn);
        source["sops"]!["kms"]![0]!["arn"] = absent;
        await stage.ApplyAsync(source);

        var message = SopsStage.Condition(await stage.ReadyAsync("db", "False", "NoKey"), "Ready")!.Message!;
        Assert.Contains(absent, message, StringComparison.Ordinal);
        Assert.Contains("NotFoundException", message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Environment() => new(StringComparer.Ordinal) { ["AWS_ENDPOINT_URL"] = Moto.Address().ToString() };

    private static Task<JsonObject> SopsSecretAsync(string name, string arn) => SopsFiles.KeptAsync(name, MasterKeyText.AwsKms(arn, "", "app:shop"), new KeyServiceCredentials
    {
        Items = new Dictionary<string, string>(StringComparer.Ordinal) { ["sops.aws-kms"] = Credentials },
        Variables = Environment(),
    });
}
