using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Seal.Cli.Scanning;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

public sealed class ScanTests
{
    private static readonly string SopsVectors = Path.Combine(Vectors.Folder, "..", "sops");

    public static TheoryData<string> SealedVectors() => Files(Path.Combine(SopsVectors, "cases"), "encrypted.*");

    [Theory, MemberData(nameof(SealedVectors))]
    public void Files_encrypted_by_sops_raise_no_alarm(string path) => Assert.Empty(Scan(path, File.ReadAllBytes(Path.Combine(SopsVectors, "cases", path))));

    [Fact]
    public void SealedSecrets_of_kubeseal_raise_no_alarm_about_plain_text()
    {
        var files = Directory.GetFiles(Vectors.Folder, "*.yaml", SearchOption.AllDirectories).Where(path => File.ReadAllText(path) is var text && text.Contains("kind: SealedSecret", StringComparison.Ordinal) && !text.Contains("kind: Secret\n", StringComparison.Ordinal)).ToList();
        Assert.True(files.Count > 10);
        Assert.All(files, path => Assert.DoesNotContain(Scan(path, File.ReadAllBytes(path)), finding => finding.Rule == ScanRule.PlaintextSecret || finding.Rule == ScanRule.PrivateKey));
    }

    [Fact]
    public void Private_keys_are_found_in_every_wrapping()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = rsa.ExportRSAPrivateKeyPem();
        Assert.Equal((1, 1), Only("key.pem", pem));
        Assert.Equal((1, 1), Only("key.pem", ec.ExportPkcs8PrivateKeyPem()));
        Assert.Equal((1, 1), Only("key.pem", pem.Replace("\n", "\r\n", StringComparison.Ordinal)));
        Assert.Equal((2, 3), Only("values.yaml", "key: |\n  " + pem.Replace("\n", "\n  ", StringComparison.Ordinal)));
        Assert.Equal((1, 9), Only("key.json", "{\"key\":\"" + pem.Replace("\n", "\\n", StringComparison.Ordinal) + "\"}"));
        Assert.Equal((1, 6), Only("values.yaml", "key: " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pem))));
        Assert.Equal((3, 1), Only("notes.md", "a\nb\n" + pem));
        Assert.Single(Scan("key.txt", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(pem)]));
    }

    [Fact]
    public void Keys_of_age_and_ssh_and_pgp_are_found()
    {
        var keys = Directory.GetFiles(Path.Combine(SopsVectors, "keys")).Where(path => File.ReadAllText(path) is var text && (text.Contains("AGE-SECRET-KEY-", StringComparison.Ordinal) || text.Contains("PRIVATE KEY", StringComparison.Ordinal))).ToList();
        // OpenSSH says inside whether a passphrase protects a key.
        var passphrase = Path.Combine(SopsVectors, "keys", "ssh_ed25519_passphrase");
        Assert.True(keys.Remove(passphrase));
        Assert.Empty(Scan(passphrase, File.ReadAllBytes(passphrase)));
        Assert.NotEmpty(keys);
        Assert.All(keys, path => Assert.Contains(Scan(path, File.ReadAllBytes(path)), finding => finding.Rule == ScanRule.PrivateKey));
        var age = keys.Select(File.ReadAllBytes).First(bytes => bytes.AsSpan().IndexOf("AGE-SECRET-KEY-"u8) >= 0);
        foreach (var file in (byte[][])[age, [.. "# created: 2026-01-01T00:00:00Z\n# public key: age1x\n"u8, .. age]])
            Assert.Equal((1, 5), Only("env.txt", $"KEY={Convert.ToBase64String(file)}\n"));
    }

    [Fact]
    public void What_is_encrypted_or_public_or_only_talk_is_no_key()
    {
        using var rsa = RSA.Create(2048);
        var cost = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        Assert.Empty(Scan("key.pem", rsa.ExportEncryptedPkcs8PrivateKeyPem("password", cost)));
        Assert.Empty(Scan("key.pem", rsa.ExportSubjectPublicKeyInfoPem()));
        Assert.Empty(Scan("a.go", "const begin = \"-----BEGIN RSA PRIVATE KEY-----\"\nconst end = \"-----END RSA PRIVATE KEY-----\"\n"));
        Assert.Empty(Scan("a.md", "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n"));
        Assert.Empty(Scan("a.pem", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n" + new string('A', 64) + "\n-----END RSA PRIVATE KEY-----\n"));
        Assert.Empty(Scan("a.txt", "AGE-SECRET-KEY-1..."));
    }

    [Fact]
    public void Binary_files_are_passed_over() => Assert.Null(new FileScan(new FolderRules(), new PlainSources(null), TimeProvider.System).Run("a", Path.GetFullPath("a"), [0, 1, 2]));

    [Theory]
    [InlineData("hunter2", true)]
    [InlineData("true", true)]
    [InlineData("a ${B} c", true)]
    [InlineData("postgres://app:hunter2@${HOST}/db", true)]
    [InlineData("changeme2023!", true)]
    [InlineData("${PASSWORD}", false)]
    [InlineData("$(PASSWORD)", false)]
    [InlineData("changeme", false)]
    [InlineData("<your token>", false)]
    [InlineData("\n", false)]
    [InlineData("{{ .Values.a }}-suffix", false)]
    [InlineData("vault:secret/data/db#password", false)]
    public void A_value_is_told_from_a_placeholder(string value, bool plain)
    {
        Assert.Equal(plain, PlainText.Is(value, base64: false));
        Assert.Equal(plain, PlainText.Is(Convert.ToBase64String(Encoding.UTF8.GetBytes(value)), base64: true));
    }

    private static (int Line, int Column) Only(string name, string text)
    {
        var finding = Assert.Single(Scan(name, text));
        Assert.Equal(ScanRule.PrivateKey, finding.Rule);
        return (finding.Line, finding.Column);
    }

    private static IReadOnlyList<Finding> Scan(string name, string text) => Scan(name, Encoding.UTF8.GetBytes(text));

    private static IReadOnlyList<Finding> Scan(string name, byte[] bytes) =>
        new FileScan(new FolderRules(), new PlainSources(FrozenSet<string>.Empty), TimeProvider.System).Run(name, Path.Combine(Path.GetTempPath(), "scan-without-rules", Path.GetFileName(name)), bytes) ?? [];

    private static TheoryData<string> Files(string folder, string pattern)
    {
        var names = Directory.GetFiles(folder, pattern, SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).ToList();
        return names.Count > 20 ? [.. names] : throw new InvalidOperationException($"vectors are missing in {folder}");
    }
}
