using GitOpsSecrets.Controller.Sops;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.Sops;

/// <summary>SopsSecrets that carry the text of a file: then the MAC is verified, and with it where the file belongs.</summary>
public sealed class SopsDocumentTests(SharedClusters clusters)
{
    [Theory, OnEachCluster]
    public async Task A_Secret_inside_a_text_is_verified_whole_and_bound_by_an_annotation_that_is_encrypted(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a", stage.Home, "cluster-keys");
        stage.Start("--sops-keys-secret", "cluster-keys");
        var here = $"gitopssecrets.io/bound-to: {stage.Namespace}/*";
        var text = await SopsFiles.SealAsync(Secret("db", stage.Namespace, here), suffix: null);
        await stage.ApplyAsync(SopsFiles.Carrying("any-name", text));
        await stage.ApplyAsync(SopsFiles.Carrying("weak", await SopsFiles.SealAsync(Secret("weak", stage.Namespace, here), suffix: null, macOnlyEncrypted: true)));
        await stage.ApplyAsync(SopsFiles.Carrying("foreign", await SopsFiles.SealAsync(Secret("foreign", stage.Namespace, "gitopssecrets.io/bound-to: elsewhere/*"), suffix: null)));
        await stage.ApplyAsync(SopsFiles.Carrying("moved", text.Replace($"namespace: {stage.Namespace}", "namespace: elsewhere", StringComparison.Ordinal)));

        var secret = await stage.SecretAsync("db", "password", "hunter2");
        Assert.Equal([new("team", "a")], secret.Metadata.Labels!);
        Assert.Null(secret.Metadata.Annotations); // the tracking id of what was applied is no concern of the Secret
        Assert.Equal("True", SopsStage.Condition(await stage.ReadyAsync("any-name", "True"), "MacVerified")!.Status);
        await stage.ReadyAsync("weak", "True");
        await stage.ReadyAsync("foreign", "False", SopsReason.BoundElsewhere);
        Assert.Equal("False", SopsStage.Condition(await stage.ReadyAsync("moved", "False", SopsReason.MacMismatch), "MacVerified")!.Status);
    }

    /// <summary>The MAC covers clear values, but neither their names nor where one ends: the text may be cut into others.</summary>
    [Theory, OnEachCluster]
    public async Task What_a_text_says_in_clear_binds_it_nowhere_since_it_can_be_cut_anew_under_the_same_MAC(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a", stage.Home, "cluster-keys");
        stage.Start("--sops-keys-secret", "cluster-keys");
        var text = await SopsFiles.SealAsync(Secret("db", stage.Namespace + "-production"), suffix: null);
        var cut = System.Text.RegularExpressions.Regex.Replace(text, @"namespace: (\S+)-production(\s+)labels:(\s+)", "namespace: $1$2labels:$3x: -production$3");
        Assert.NotEqual(text, cut);
        await stage.ApplyAsync(SopsFiles.Carrying("cut", cut));
        await stage.ApplyAsync(SopsFiles.Carrying("clear", await SopsFiles.SealAsync(Secret("clear", stage.Namespace), suffix: null)));
        await stage.ApplyAsync(SopsFiles.Carrying("elsewhere", text));

        await stage.ReadyAsync("cut", "False", SopsReason.NotBound); // and not MacMismatch: the MAC fits
        Assert.Contains("the annotation gitopssecrets.io/bound-to", SopsStage.Condition(await stage.ReadyAsync("clear", "False", SopsReason.NotBound), "Ready")!.Message, StringComparison.Ordinal);
        await stage.ReadyAsync("elsewhere", "False", SopsReason.BoundElsewhere); // in clear it may forbid
    }

    [Theory, OnEachCluster]
    public async Task A_SopsSecret_inside_a_text_is_bound_by_its_templates_as_one_that_is_an_object(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a", stage.Home, "cluster-keys");
        stage.Start("--sops-keys-secret", "cluster-keys");
        var text = await SopsFiles.SealAsync(SopsSecret("db", stage.Namespace, $"boundTo: {stage.Namespace}/db"));
        await stage.ApplyAsync(SopsFiles.Carrying("db", text));
        await stage.ApplyAsync(SopsFiles.Carrying("other", text));
        await stage.ApplyAsync(SopsFiles.Carrying("free", await SopsFiles.SealAsync(SopsSecret("wide", "elsewhere", "boundTo: \"*\""))));
        await stage.ApplyAsync(SopsFiles.Carrying("silent", await SopsFiles.SealAsync(SopsSecret("silent", stage.Namespace, "type: Opaque"))));
        await stage.SecretAsync("from-db", "a", "x");
        await stage.SecretAsync("from-wide", "a", "x");
        await stage.ReadyAsync("other", "False", SopsReason.BoundElsewhere);
        await stage.ReadyAsync("silent", "False", SopsReason.NotBound);
    }

    [Theory, OnEachCluster]
    public async Task Two_documents_of_one_text_become_two_Secrets(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a");
        stage.Start();
        await stage.ApplyAsync(SopsFiles.Carrying("both", await SopsFiles.SealAsync(Secret("one", stage.Namespace) + "\n---\n" + Secret("two", stage.Namespace), suffix: null)));
        await stage.SecretAsync("one", "password", "hunter2");
        await stage.SecretAsync("two", "password", "hunter2");
        Assert.Equal("2 Secrets are as declared", SopsStage.Condition(await stage.ReadyAsync("both", "True"), "Ready")!.Message);
    }

    /// <summary><c>sops.asc</c> is the name in Flux's guide.</summary>
    [Theory]
    [InlineData("sops.asc")]
    [InlineData("team.asc")]
    public async Task A_file_for_an_OpenPGP_key_opens_with_the_asc_item_of_a_Secret(string item)
    {
        await using var stage = await SopsStage.SetAsync(clusters, ClusterKind.Local);
        await stage.PutKeysAsync("pgp-rsa", item: item);
        stage.Start();
        var whole = SopsFiles.Carrying("pgp", SopsFiles.Case("13-json-pgp-rsa"));
        whole["spec"]!["format"] = "json";
        await stage.ApplyAsync(whole);

        var source = await stage.SopsSecretAsync("pgp", found => SopsStage.Condition(found, "Ready") is { Status: "True" or "False" });
        Assert.Equal("", SopsStage.Condition(source, "Ready") is { Status: "False" } failed ? failed.Message : "");
        Assert.Equal("True", SopsStage.Condition(source, "MacVerified")!.Status);
        await stage.SecretAsync("j", "token", "evE9HBc41h9iKP9WoIFIMypkJvuXf5");
    }

    [Theory, OnEachCluster]
    public async Task A_text_that_is_no_encrypted_Secret_says_why(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a");
        stage.Start();
        await stage.ApplyAsync(SopsFiles.Carrying("plain", Secret("plain", stage.Namespace)));
        await stage.ApplyAsync(SopsFiles.Carrying("noise", "{ hunter2"));
        await stage.ApplyAsync(SopsFiles.Carrying("other-kind", await SopsFiles.SealAsync(Secret("x", stage.Namespace).Replace("kind: Secret", "kind: ConfigMap", StringComparison.Ordinal), suffix: null)));
        await stage.ReadyAsync("plain", "False", SopsReason.NotEncrypted);
        Assert.DoesNotContain("hunter2", SopsStage.Condition(await stage.ReadyAsync("noise", "False", SopsReason.InvalidDocument), "Ready")!.Message, StringComparison.Ordinal);
        Assert.Contains("neither a v1 Secret nor a SopsSecret", SopsStage.Condition(await stage.ReadyAsync("other-kind", "False", SopsReason.InvalidDocument), "Ready")!.Message, StringComparison.Ordinal);
    }

    private static string Secret(string name, string ns, string more = "note: none") =>
        $$"""
        apiVersion: v1
        kind: Secret
        metadata:
            name: {{name}}
            namespace: {{ns}}
            labels:
                team: a
            annotations:
                argocd.argoproj.io/tracking-id: app:/Secret:shop/db
                {{more}}
        stringData:
            password: hunter2
        """;

    private static string SopsSecret(string name, string ns, string more) =>
        $$"""
        apiVersion: isindir.github.com/v1alpha3
        kind: SopsSecret
        metadata:
            name: {{name}}
            namespace: {{ns}}
        spec:
            secretTemplates:
                - name: from-{{name}}
                  {{more}}
                  stringData:
                    a: x
        """;
}
