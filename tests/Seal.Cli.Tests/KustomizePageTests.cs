using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary><c>docs/kustomize.md</c>, tried with the Kustomize within kubectl.</summary>
public sealed class KustomizePageTests
{
    private const string Objects =
        """
        apiVersion: bitnami.com/v1alpha1
        kind: SealedSecret
        metadata: {name: db}
        spec: {encryptedData: {}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: shop}
        spec:
          template:
            spec:
              containers:
                - name: shop
                  envFrom: [{secretRef: {name: db}}]
                  env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}]
              volumes: [{name: db, secret: {secretName: db}}]
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, "blue-db")]
    [InlineData(false, "db")]
    public async Task Pods_follow_a_prefix_when_Kustomize_is_told_where_the_name_is_used(bool told, string expected)
    {
        using var work = new WorkFolder();
        var shell = new Shell(work);
        Assert.SkipUnless((await shell.RunAsync("command -v kubectl", work.Path, Stop)).ExitCode == 0, "kubectl is not on the PATH");
        var blocks = Shell.Blocks("docs/kustomize.md", "yaml");
        var kustomization = YamlReader.Read(blocks[0])!.AsObject();
        if (!told) kustomization.Remove("configurations");
        kustomization["resources"] = new JsonArray("objects.yaml");
        await File.WriteAllTextAsync(work.File("kustomization.yaml"), YamlWriter.Write(kustomization), Stop);
        await File.WriteAllTextAsync(work.File("names.yaml"), blocks[1], Stop);
        await File.WriteAllTextAsync(work.File("objects.yaml"), Objects, Stop);
        var run = await shell.RunAsync("kubectl kustomize .", work.Path, Stop);
        Assert.True(run.ExitCode == 0, run.Error);
        var objects = YamlReader.ReadAll(run.OutputText).Select(document => document.Root!).ToDictionary(item => (string)item["kind"]!, StringComparer.Ordinal);
        Assert.Equal("blue-db", (string?)objects["SealedSecret"]["metadata"]!["name"]);
        var pod = objects["Deployment"]["spec"]!["template"]!["spec"]!;
        Assert.Equal(expected, (string?)pod["containers"]![0]!["envFrom"]![0]!["secretRef"]!["name"]);
        Assert.Equal(expected, (string?)pod["containers"]![0]!["env"]![0]!["valueFrom"]!["secretKeyRef"]!["name"]);
        Assert.Equal(expected, (string?)pod["volumes"]![0]!["secret"]!["secretName"]);
    }
}
