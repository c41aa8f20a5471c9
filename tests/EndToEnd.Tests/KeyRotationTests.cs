using System.Text;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.EndToEnd.Tests.Running;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.Seal.Cli.Tests.Running;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.EndToEnd.Tests;

/// <summary>
/// What a security team does: a new key, everything sealed anew, and proof that nothing depends on the old one. With the controller as deployed and the command-line tool
/// as published, and on a cluster of its own, since keys are everybody's.
/// </summary>
public sealed class KeyRotationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task An_old_key_is_retired_once_all_is_sealed_with_the_new_one_and_everything_still_opens(ClusterKind kind)
    {
        await using ITestCluster cluster = kind == ClusterKind.Real ? await RealTestCluster.StartAsync(Stop) : await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Stop);
        await using var deployment = await Deployment.StartAsync(cluster, Stop);
        var tenant = await Tenant.CreateAsync(deployment, Stop);
        using var work = new WorkFolder();
        var old = (await SealAsync("keys")).Split('\n')[1].Split(' ')[0];
        var oldest = (await deployment.CertificateAsync(Stop)).Fingerprint;

        var plain = $$$"""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"db","namespace":"{{{tenant.Namespace}}}"},"stringData":{"password":"hunter-1","user":"ann"}}""";
        var manifest = (await RunAsync(["--format", "yaml"], plain)).OutputText;
        await File.WriteAllTextAsync(work.File("db.yaml"), manifest, Stop);
        await ApplyAsync();
        await tenant.SealedSecretAsync("db", sealedSecret => Assert.Equal("True", (string?)Tenant.Synced(sealedSecret)["status"]));

        await SealAsync("keys", "new", "--key-size", "2048");
        await deployment.EventuallyAsync(async () => Assert.NotEqual(oldest, (await deployment.CertificateAsync(Stop)).Fingerprint), Stop);
        var refused = await RunAsync(["keys", "retire", old]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"1 SealedSecret ({tenant.Namespace}/db) is sealed with it", refused.Error, StringComparison.Ordinal);

        await SealAsync("reencrypt", "db.yaml"); // by the controller: nobody else sees a value
        var anew = await File.ReadAllTextAsync(work.File("db.yaml"), Stop);
        Assert.NotEqual(manifest, anew);
        Assert.DoesNotContain("hunter", anew, StringComparison.Ordinal);
        await ApplyAsync();
        await deployment.EventuallyAsync(async () => await SealAsync("keys", "retire", old), Stop);

        await tenant.DeleteSecretAsync("db");
        await tenant.SecretAsync("db", secret => Assert.Equal(("hunter-1", "ann"), (Tenant.Item(secret, "password"), Tenant.Item(secret, "user"))));

        async Task<string> SealAsync(params string[] arguments)
        {
            var run = await RunAsync(arguments);
            Assert.True(run.ExitCode == 0, run.Error);
            return run.OutputText;
        }

        Task<SealRun> RunAsync(string[] arguments, string input = "") => SealProgram.RunAsync(
            SealProgram.Path, arguments, Encoding.UTF8.GetBytes(input), work.Path, new Dictionary<string, string> { ["KUBECONFIG"] = cluster.KubeconfigPath, ["HOME"] = work.Path }, Stop);

        async Task ApplyAsync()
        {
            var document = YamlReader.Read(await File.ReadAllTextAsync(work.File("db.yaml"), Stop))!;
            await deployment.ApplyAsync(document.AsObject(), Stop);
        }
    }
}
