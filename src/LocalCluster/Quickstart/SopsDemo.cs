using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Quickstart;

/// <summary>The third way: a SopsSecret, encrypted to an age key whose private half is a Secret of its namespace.</summary>
internal sealed class SopsDemo(QuickstartCluster cluster, GitRepository git, DemoSteps steps)
{
    private const string Manifest = "token.yaml";
    private const string Secrets = "/api/v1/namespaces/default/secrets";
    private const string SopsSecret = "/apis/isindir.github.com/v1alpha3/namespaces/default/sopssecrets/token";
    private const string PublicKey = "# public key: ";

    private readonly SealTool seal = new(cluster.KubeconfigPath, git.Path);

    /// <summary>Made for this run only; compared, never shown.</summary>
    private readonly string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <exception cref="QuickstartException">The Secret did not come.</exception>
    public Task RunAsync(CancellationToken cancellationToken) => steps.DoAsync(
        $"A SOPS file becomes a Secret: seal sops keygen, seal sops encrypt --age …, git commit, apply {Manifest}",
        show => OpenAsync(show, cancellationToken),
        commit => $"{commit}; the controller opened it with the age key in Secret default/sops-keys");

    private async Task<string> OpenAsync(Action<string> show, CancellationToken cancellationToken)
    {
        var key = await seal.RunAsync(["sops", "keygen"], null, cancellationToken);
        var recipient = key.Split('\n').First(line => line.StartsWith(PublicKey, StringComparison.Ordinal))[PublicKey.Length..];
        show(recipient);
        await cluster.Client.ApplyAsync($"{Secrets}/sops-keys", KeySecret(key), cancellationToken);
        string[] encrypt = ["sops", "encrypt", "--age", recipient, "--encrypted-suffix", "Templates", "--filename-override", Manifest, "-"];
        await File.WriteAllTextAsync(git.File(Manifest), await seal.RunAsync(encrypt, PlainText(), cancellationToken), cancellationToken);
        var commit = await git.CommitAsync("token, encrypted by SOPS", cancellationToken);
        if (await git.EverHeldAsync(token, cancellationToken)) throw new QuickstartException("a commit holds the token");
        await cluster.Client.ApplyAsync(SopsSecret, await git.ShowAsync(Manifest, cancellationToken), cancellationToken);
        await ClusterClient.UntilAsync(
            "the Secret with the token", () => cluster.Client.FindAsync($"{Secrets}/token", cancellationToken), found => TokenOf(found) == token, cancellationToken);
        return commit;
    }

    private static string KeySecret(string key) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = "sops-keys", ["namespace"] = "default" },
        ["stringData"] = new JsonObject { ["demo.agekey"] = key },
    }.ToJsonString();

    private string PlainText() => $$"""
        apiVersion: isindir.github.com/v1alpha3
        kind: SopsSecret
        metadata:
          name: token
          namespace: default
        spec:
          secretTemplates:
            - name: token
              boundTo: default/token
              stringData:
                token: {{token}}
        """;

    private static string TokenOf(JsonObject? secret) => Encoding.UTF8.GetString(Convert.FromBase64String(secret?["data"]?["token"]?.GetValue<string>() ?? ""));
}
