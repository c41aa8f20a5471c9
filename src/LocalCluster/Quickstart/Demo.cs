using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.LocalCluster.Quickstart;

/// <summary>The main job on real input: seal, commit, apply, unseal; then rotate the key, re-encrypt, and retire the old key.</summary>
internal sealed class Demo(QuickstartCluster cluster, GitRepository git, DemoSteps steps, int keySize)
{
    private const string Secret = "/api/v1/namespaces/default/secrets/db";
    private const string SealedSecret = "/apis/bitnami.com/v1alpha1/namespaces/default/sealedsecrets/db";
    private const string Keys = $"/api/v1/namespaces/{QuickstartCluster.ControllerNamespace}/secrets?labelSelector={SealedSecretAnnotations.SealingKeyLabel}%3D{SealedSecretAnnotations.ActiveKey}";
    private const string CertificatePath = $"/api/v1/namespaces/{QuickstartCluster.ControllerNamespace}/services/http:{QuickstartCluster.ControllerName}:http/proxy/v1/cert.pem";
    private const string Manifest = "db.yaml";
    private const string CertificateFile = "sealing-cert.pem";

    private readonly SealTool seal = new(cluster.KubeconfigPath, git.Path);

    /// <summary>Made for this run only; compared, never shown.</summary>
    private readonly string password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <exception cref="QuickstartException">A step did not hold.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await steps.DoAsync("Fetch the sealing certificate: seal --fetch-cert", _ => FetchAsync(cancellationToken), size => $"{CertificateFile}, {size} bytes; it is public, keep it in Git");
        await steps.DoAsync($"Seal a Secret: seal --format yaml --cert {CertificateFile} < secret.json > {Manifest}", _ => SealAsync(cancellationToken), items => $"{Manifest} is a SealedSecret with {items} sealed items");
        await steps.DoAsync("Commit it: git commit", _ => CommitAsync("database credentials, sealed", cancellationToken), commit => $"{commit}; no commit holds the password");
        await steps.DoAsync($"Apply what the commit holds: git show HEAD:{Manifest}", _ => ApplyAsync(cancellationToken), _ => "the API server took it");
        await steps.DoAsync("The controller unseals it", _ => UnsealedAsync(cancellationToken), shown => shown);
        var old = await steps.DoAsync("Rotate: seal keys new", _ => RotateAsync(cancellationToken), name => $"a new key seals from now on; {name} still opens what it sealed");
        await steps.DoAsync("Re-encrypt the repository: seal reencrypt .", show => ReencryptAsync(show, cancellationToken), _ => $"{Manifest} is sealed with the new key");
        await steps.DoAsync("Commit and apply that", _ => CommitAndApplyAsync(cancellationToken), commit => $"{commit}; the controller opened it with the new key");
        await steps.DoAsync($"Retire the old key: seal keys retire {old}", _ => RetireAsync(old, cancellationToken), text => text);
        await steps.DoAsync("Everything still opens: delete the Secret, and it comes back", _ => ComesBackAsync(cancellationToken), shown => shown);
    }

    private async Task<int> FetchAsync(CancellationToken cancellationToken)
    {
        var pem = await seal.RunAsync(["--fetch-cert"], null, cancellationToken);
        if (!pem.StartsWith("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal)) throw new QuickstartException("what came is no certificate");
        await File.WriteAllTextAsync(git.File(CertificateFile), pem, cancellationToken);
        return pem.Length;
    }

    private async Task<int> SealAsync(CancellationToken cancellationToken)
    {
        var secret = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = "db", ["namespace"] = "default" },
            ["stringData"] = new JsonObject { ["username"] = "app", ["password"] = password },
        };
        var yaml = await seal.RunAsync(["--format", "yaml", "--cert", CertificateFile], secret.ToJsonString(), cancellationToken);
        await File.WriteAllTextAsync(git.File(Manifest), yaml, cancellationToken);
        var items = Api.Yaml.YamlReader.Read(yaml)?["spec"]?["encryptedData"] as JsonObject;
        return items?.Count == 2 ? items.Count : throw new QuickstartException("the SealedSecret does not hold both items");
    }

    private async Task<string> CommitAsync(string message, CancellationToken cancellationToken)
    {
        var commit = await git.CommitAsync(message, cancellationToken);
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(password));
        if (await git.EverHeldAsync(password, cancellationToken) || await git.EverHeldAsync(encoded, cancellationToken)) throw new QuickstartException("a commit holds the password");
        return commit;
    }

    private async Task<bool> ApplyAsync(CancellationToken cancellationToken)
    {
        await cluster.Client.ApplyAsync(SealedSecret, await git.ShowAsync(Manifest, cancellationToken), cancellationToken);
        return true;
    }

    private async Task<string> UnsealedAsync(CancellationToken cancellationToken)
    {
        var secret = await ClusterClient.UntilAsync("the Secret", () => cluster.Client.FindAsync(Secret, cancellationToken), found => found is not null, cancellationToken);
        var data = secret!["data"]!.AsObject().ToDictionary(pair => pair.Key, pair => Convert.FromBase64String(pair.Value!.GetValue<string>()));
        if (!data.TryGetValue("password", out var value) || Encoding.UTF8.GetString(value) != password) throw new QuickstartException("the Secret does not hold what was sealed");
        var items = data.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} ({pair.Value.Length} bytes)");
        return $"Secret default/db: {string.Join(", ", items)}; the password is the one that was sealed";
    }

    /// <returns>The name of the key that sealed so far.</returns>
    private async Task<string> RotateAsync(CancellationToken cancellationToken)
    {
        var before = (await cluster.Client.FindAsync(Keys, cancellationToken))!["items"]!.AsArray();
        var certificate = await cluster.Client.TextAsync(CertificatePath, cancellationToken);
        await seal.RunAsync(["keys", "new", "--key-size", keySize.ToString(CultureInfo.InvariantCulture)], null, cancellationToken);
        await ClusterClient.UntilAsync("the new certificate", () => cluster.Client.TextAsync(CertificatePath, cancellationToken), now => now != certificate, cancellationToken);
        return before.Single()!["metadata"]!["name"]!.GetValue<string>();
    }

    private async Task<bool> ReencryptAsync(Action<string> show, CancellationToken cancellationToken)
    {
        var before = await File.ReadAllTextAsync(git.File(Manifest), cancellationToken);
        var said = await seal.RunAsync(["reencrypt", "."], null, cancellationToken);
        foreach (var line in said.Split('\n', StringSplitOptions.RemoveEmptyEntries)) show(line);
        if (await File.ReadAllTextAsync(git.File(Manifest), cancellationToken) == before) throw new QuickstartException($"{Manifest} did not change");
        return await FetchAsync(cancellationToken) > 0;
    }

    private async Task<string> CommitAndApplyAsync(CancellationToken cancellationToken)
    {
        var before = SealingKeys(await cluster.Client.FindAsync(SealedSecret, cancellationToken));
        var commit = await CommitAsync("re-encrypt with the new sealing key", cancellationToken);
        await ApplyAsync(cancellationToken);
        await ClusterClient.UntilAsync("unsealing with the new key", () => cluster.Client.FindAsync(SealedSecret, cancellationToken), found => SealingKeys(found) is { Length: > 0 } now && now != before, cancellationToken);
        return commit;
    }

    private static string SealingKeys(JsonObject? found) => found?["status"]?["sealingKeys"]?.ToJsonString() ?? "";

    private async Task<string> RetireAsync(string old, CancellationToken cancellationToken)
    {
        var said = (await seal.RunAsync(["keys", "retire", old], null, cancellationToken)).Trim();
        var active = (await cluster.Client.FindAsync(Keys, cancellationToken))!["items"]!.AsArray();
        var names = active.Select(key => key!["metadata"]!["name"]!.GetValue<string>()).ToList();
        if (names.Contains(old) || names.Count != 1) throw new QuickstartException("the old key is still in use");
        return $"{said}; one active key is left";
    }

    private async Task<string> ComesBackAsync(CancellationToken cancellationToken)
    {
        await seal.RunAsync(["verify", "."], null, cancellationToken);
        await cluster.Client.DeleteAsync(Secret, cancellationToken);
        return await UnsealedAsync(cancellationToken);
    }
}
