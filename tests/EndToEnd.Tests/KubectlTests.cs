using System.Text;
using GitOpsSecrets.EndToEnd.Tests.Running;
using GitOpsSecrets.LocalCluster.Tests.Kubectl;
using GitOpsSecrets.Seal.Cli.Tests.Running;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.EndToEnd.Tests;

/// <summary>What a user types, from a plain Secret on a pipe to the one in the cluster.</summary>
public sealed class KubectlTests(Deployments deployments)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task A_Secret_is_sealed_applied_opened_changed_and_taken_away_with_kubectl(ClusterKind kind)
    {
        Assert.SkipUnless(KubectlRunner.IsAvailable, KubectlRunner.Missing);
        var tenant = await deployments.TenantAsync(kind, Stop);
        using var kubectl = new KubectlRunner(tenant.Deployment.Cluster, tenant.Namespace);

        await ApplyAsync("hunter-1");
        await kubectl.RunAsync("wait", "--for=condition=Synced", "sealedsecret/db", "--timeout=2m");
        Assert.Equal("aHVudGVyLTE=", await kubectl.RunAsync("get", "secret", "db", "-o", "jsonpath={.data.password}"));

        await ApplyAsync("hunter-2");
        await tenant.SecretAsync("db", secret => Assert.Equal("hunter-2", Tenant.Item(secret, "password")));
        Assert.Contains("Unsealed", await kubectl.RunAsync("describe", "sealedsecret", "db"), StringComparison.Ordinal);

        await kubectl.RunAsync("delete", "sealedsecret", "db");
        await kubectl.RunAsync("wait", "--for=delete", "secret/db", "--timeout=2m");

        async Task ApplyAsync(string value)
        {
            var plain = await kubectl.RunAsync("create", "secret", "generic", "db", $"--from-literal=password={value}", "--dry-run=client", "-o", "yaml");
            var environment = new Dictionary<string, string> { ["KUBECONFIG"] = tenant.Deployment.Cluster.KubeconfigPath };
            var run = await SealProgram.RunAsync(SealProgram.Path, ["--format", "yaml", "--namespace", tenant.Namespace], Encoding.UTF8.GetBytes(plain), kubectl.Directory, environment, Stop);
            Assert.True(run.ExitCode == 0, run.Error);
            Assert.DoesNotContain(value, run.OutputText, StringComparison.Ordinal);
            await kubectl.RunAsync("apply", "-f", kubectl.Write("sealed.yaml", run.OutputText));
        }
    }
}
