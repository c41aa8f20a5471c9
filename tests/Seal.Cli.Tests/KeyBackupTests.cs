using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.Keys;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

public sealed class KeyBackupTests
{
    private const string Passphrase = "correct horse battery";

    /// <summary>A backup of one key: encrypting takes its time.</summary>
    private static readonly Lazy<string> One = new(() => KeyBackup.Write([Key()], Passphrase));

    /// <summary>As kubectl prints them, cut in the middle and at the end of each line.</summary>
    [Fact]
    public void A_plain_backup_that_was_cut_short_anywhere_says_so_and_gives_back_the_keys_that_are_whole()
    {
        var text = PlainList();
        Assert.Equal(2, PlainBackup.Read(System.Text.Encoding.ASCII.GetBytes(text), "plain.yaml", "").Keys.Count);
        var (whole, end) = (0, text.IndexOf("metadata:\n  resourceVersion", StringComparison.Ordinal));
        for (var line = 0; line < end; line = text.IndexOf('\n', line) + 1)
        {
            var next = text.IndexOf('\n', line) + 1;
            if (text[line..next].Contains("type: ", StringComparison.Ordinal)) whole++;
            foreach (var cut in (int[])[line + 3, (line + next) / 2, next - 2, next])
            {
                var (keys, isTold) = (0, false);
                try
                {
                    var read = PlainBackup.Read(System.Text.Encoding.ASCII.GetBytes(text[..cut]), "plain.yaml", "");
                    (keys, isTold) = (read.Keys.Count, read.Problems.Count > 0);
                }
                catch (CommandException)
                {
                    isTold = true;
                }
                Assert.True(isTold == cut < end && keys >= whole && keys <= 2, $"{keys} keys of {whole}, {(isTold ? "told" : "not told")}: …{text[Math.Max(0, cut - 60)..cut]}");
            }
        }
    }

    [Fact]
    public void A_backup_gives_back_the_same_keys()
    {
        var restored = KeyBackup.Read(KeyBackup.Write([Key()], Passphrase), Passphrase, "backup.pem").Keys.Single();
        Assert.Equal("sealed-secrets-keyaaaaa", restored.Name);
        Assert.Equal("active", restored.State);
        Assert.Equal(Key().Certificate!.Fingerprint, restored.Fingerprint);
        using var before = RSA.Create();
        using var after = RSA.Create();
        before.ImportFromPem(Key().PrivateKeyPem());
        after.ImportFromPem(System.Text.Encoding.ASCII.GetString(restored.PrivateKeyPem));
        Assert.Equal(before.ExportRSAPrivateKey(), after.ExportRSAPrivateKey());
    }

    [Fact]
    public async Task OpenSSL_reads_a_backup_where_this_program_cannot_be_had()
    {
        using var work = new WorkFolder();
        await File.WriteAllTextAsync(work.File("backup.pem"), KeyBackup.Write([Key()], Passphrase), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(work.File("passphrase"), Passphrase, TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo("openssl") { WorkingDirectory = work.Path, RedirectStandardOutput = true };
        foreach (var argument in (string[])["pkcs8", "-in", "backup.pem", "-passin", "file:passphrase"]) start.ArgumentList.Add(argument);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("openssl is not installed");
            return;
        }
        using (process)
        {
            var pem = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
            using var expected = RSA.Create();
            using var read = RSA.Create();
            expected.ImportFromPem(Key().PrivateKeyPem());
            read.ImportFromPem(pem);
            Assert.Equal(expected.ExportRSAPrivateKey(), read.ExportRSAPrivateKey());
        }
    }

    [Fact]
    public void A_certificate_of_another_key_is_noticed()
    {
        var other = File.ReadAllText(Path.Combine(Vectors.Folder, "keys", "other.crt"));
        var text = KeyBackup.Write([Key()], Passphrase);
        var changed = text[..text.IndexOf("-----BEGIN CERTIFICATE", StringComparison.Ordinal)] + other;
        var (keys, problems) = KeyBackup.Read(changed, Passphrase, "backup.pem");
        Assert.Empty(keys);
        Assert.Equal(["backup.pem: the key of sealed-secrets-keyaaaaa does not belong to its certificate: the file was changed, or the Secret that was saved was so"], problems);
    }

    [Fact]
    public void A_key_that_cannot_be_had_keeps_none_of_the_others_away()
    {
        var sound = KeyBackup.Write([Key()], Passphrase);
        var other = File.ReadAllText(Path.Combine(Vectors.Folder, "keys", "other.crt"));
        var mismatched = sound[..sound.IndexOf("-----BEGIN CERTIFICATE", StringComparison.Ordinal)] + other;
        var unnamed = sound.Replace("# name: ", "# ", StringComparison.Ordinal);
        var cut = sound[..sound.IndexOf("-----BEGIN CERTIFICATE", StringComparison.Ordinal)];
        var foreign = KeyBackup.Write([Key()], "another passphrase");
        var (keys, problems) = KeyBackup.Read(mismatched + unnamed + cut + foreign + sound, Passphrase, "backup.pem");
        Assert.Equal(Key().Fingerprint, Assert.Single(keys).Fingerprint);
        Assert.Equal(4, problems.Count);
    }

    /// <summary>Wherever a file of two keys ends, both are accounted for: given back, or named as missing.</summary>
    [Fact]
    public void A_file_that_was_cut_short_is_noticed_wherever_it_ends()
    {
        var two = KeyBackup.Write([Key(), Key()], Passphrase);
        for (var end = One.Value.Length; end < two.TrimEnd().Length; end++)
        {
            var (entries, said) = BackupEntry.ReadAll(two[..end]);
            Assert.Equal(2, said);
            Assert.False(entries.Count(entry => entry is { Name: not null, State: not null, Key.Pem: not null, FirstCertificate.Pem: not null }) == 2, $"cut at {end}");
        }
        var (keys, problems) = KeyBackup.Read(two[..(One.Value.Length + 5)], Passphrase, "backup.pem");
        Assert.Single(keys);
        Assert.Equal(["backup.pem: it held 2 keys, and 1 are left: it was cut short"], problems);

        // Older files have no such line; their names and begun blocks tell it all the same.
        var older = two.Replace("# keys: 2\n", "", StringComparison.Ordinal);
        Assert.Equal(2, KeyBackup.Read(older, Passphrase, "backup.pem").Keys.Count);
        (keys, problems) = KeyBackup.Read(older[..^2500], Passphrase, "backup.pem");
        Assert.Single(keys);
        Assert.Equal(["backup.pem: the private key of sealed-secrets-keyaaaaa is damaged or cut short"], problems);
    }

    [Theory]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n!", "the private key of sealed-secrets-keyaaaaa is damaged or cut short")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----", "-----BEGIN", "the private key of sealed-secrets-keyaaaaa is missing; the file was changed or cut short")]
    [InlineData("-----END ENCRYPTED PRIVATE KEY-----", "-----END PRIVATE KEY-----", "the private key of sealed-secrets-keyaaaaa is damaged or cut short")]
    [InlineData("-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\n!", "the certificate of sealed-secrets-keyaaaaa is damaged or cut short")]
    public void A_damaged_block_is_named_and_keeps_none_of_the_others_away(string old, string damage, string problem)
    {
        var sound = One.Value;
        var damaged = sound.Replace(old, damage, StringComparison.Ordinal);
        foreach (var text in (string[])[damaged + sound, sound + damaged])
        {
            var (keys, problems) = KeyBackup.Read(text, Passphrase, "backup.pem");
            Assert.Equal("sealed-secrets-keyaaaaa", Assert.Single(keys).Name);
            Assert.Equal([$"backup.pem: {problem}"], problems);
        }
    }

    /// <summary>The controller takes the first of a Secret's certificates; a file that held them all could not be read again.</summary>
    [Fact]
    public void A_key_whose_certificate_comes_with_its_chain_is_given_back()
    {
        var other = File.ReadAllText(Path.Combine(Vectors.Folder, "keys", "other.crt"));
        var secret = Secret();
        var certificate = System.Text.Encoding.ASCII.GetString(Convert.FromBase64String((string)secret["data"]!["tls.crt"]!));
        secret["data"]!["tls.crt"] = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(certificate + other));
        var text = KeyBackup.Write([new ClusterKey(secret), Key()], Passphrase);
        Assert.Equal(2, KeyBackup.Read(text, Passphrase, "backup.pem").Keys.Count);

        // As files were written before.
        var (keys, problems) = KeyBackup.Read(text.Replace("-----END CERTIFICATE-----\n", "-----END CERTIFICATE-----\n" + other, StringComparison.Ordinal), Passphrase, "backup.pem");
        Assert.Equal(2, keys.Count);
        Assert.Empty(problems);
    }

    private static ClusterKey Key() => new(Secret());

    private static JsonObject Secret() => (JsonObject)YamlReader.Read(File.ReadAllText(Path.Combine(Vectors.Folder, "keys", "main.secret.yaml")))!;

    private static string PlainList()
    {
        var items = ((string[])["aaaaa", "bbbbb"]).Select(name => $"""
            - apiVersion: v1
              data:
                tls.crt: {Secret()["data"]!["tls.crt"]}
                tls.key: {Secret()["data"]!["tls.key"]}
              kind: Secret
              metadata:
                creationTimestamp: "2026-01-01T00:00:00Z"
                labels:
                  sealedsecrets.bitnami.com/sealed-secrets-key: active
                name: sealed-secrets-key{name}
                namespace: kube-system
              type: kubernetes.io/tls
            """);
        return "apiVersion: v1\nitems:\n" + string.Join('\n', items) + "\nkind: List\nmetadata:\n  resourceVersion: \"\"\n";
    }
}
