using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.Seal.Cli.Tests.Running;
using GitOpsSecrets.Sops.Age;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>The command line against files that sops made: what opens, what is refused, and with which exit code.</summary>
public sealed class SopsVectorTests : IDisposable
{
    private readonly WorkFolder _work = new();

    public static TheoryData<string, string> Openings()
    {
        var data = new TheoryData<string, string>();
        foreach (var entry in SopsVectors.Cases)
        {
            var id = (string)entry["id"]!;
            if (entry["any_one_of"] is JsonArray keys)
            {
                foreach (var key in keys) data.Add(id, (string)key!);
            }
            // One key of each group.
            else data.Add(id, string.Join(',', entry["key_groups"]!.AsArray().Select(group => (string)group![0]!)));
        }
        return data;
    }

    public static TheoryData<string> Refused() => [.. SopsVectors.Negatives.Select(entry => (string)entry["file"]!)];

    public void Dispose() => _work.Dispose();

    [Theory, MemberData(nameof(Openings))]
    public async Task What_sops_encrypted_is_decrypted_to_what_sops_decrypts(string id, string keys)
    {
        var entry = SopsVectors.Cases.Single(entry => (string)entry["id"]! == id);
        var run = await RunAsync("sops", "decrypt", "--input-type", (string)entry["format"]!, "--key-file", Files(keys), SopsVectors.PathOf((string)entry["encrypted"]!));
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        AssertSame(await File.ReadAllBytesAsync(SopsVectors.PathOf((string)entry["plain"]!), TestContext.Current.CancellationToken), run.Output);
    }

    [Theory, MemberData(nameof(Openings))]
    public async Task What_we_encrypt_anew_is_decrypted_to_the_same(string id, string keys)
    {
        var entry = SopsVectors.Cases.Single(entry => (string)entry["id"]! == id);
        var format = (string)entry["format"]!;
        var file = _work.File("rotated");
        // Keys to open with serve to encrypt to as well; a group's other keys are public in the file itself.
        var rotated = await RunAsync("sops", "rotate", "--input-type", format, "--output", file, "--key-file", AllFiles(), SopsVectors.PathOf((string)entry["encrypted"]!));
        Assert.Equal(("", 0), (rotated.Error, rotated.ExitCode));
        var run = await RunAsync("sops", "decrypt", "--input-type", format, "--key-file", Files(keys), file);
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        AssertSame(await File.ReadAllBytesAsync(SopsVectors.PathOf((string)entry["plain"]!), TestContext.Current.CancellationToken), run.Output);
    }

    [Theory, MemberData(nameof(Refused))]
    public async Task What_sops_refuses_is_refused_with_its_exit_code_and_without_a_value(string file)
    {
        var entry = SopsVectors.Negatives.Single(entry => (string)entry["file"]! == file);
        var keys = string.Join(',', entry["identities"]!.AsArray().Select(key => (string)key!));
        var run = await RunAsync("sops", "decrypt", "--key-file", Files(keys), SopsVectors.PathOf(file));
        // sops panics (2) over the type that it never writes itself.
        var expected = file.Contains("n13", StringComparison.Ordinal) ? 25 : (int)entry["sops_exit"]!;
        Assert.Equal(expected, run.ExitCode);
        Assert.Empty(run.Output);
        var plain = Directory.GetFiles(SopsVectors.PathOf($"cases/{(string)entry["base"]!}"), "plain.*").Single();
        Assert.All(LongWords(await File.ReadAllTextAsync(plain, TestContext.Current.CancellationToken)), word => Assert.DoesNotContain(word, run.Error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ssh_ed25519_passphrase")]
    [InlineData("pgp-passphrase.asc")]
    [InlineData("protected.agekey")]
    public async Task A_key_under_a_passphrase_opens_with_it_and_not_without(string key)
    {
        var keyFile = key == "protected.agekey" ? ProtectedIdentity() : SopsVectors.PathOf("keys/" + key);
        string[] recipient = key switch
        {
            "ssh_ed25519_passphrase" => ["--age", string.Join(' ', (await File.ReadAllTextAsync(keyFile + ".pub", TestContext.Current.CancellationToken)).Split(' ')[..2])],
            "pgp-passphrase.asc" => ["--pgp", "72E4647BBE7C16874D76FDC682B0D82497631835", "--key-file", SopsVectors.PathOf("keys/pgp-passphrase.pub.asc")],
            _ => ["--age", SopsVectors.Recipient("age-a")],
        };
        await File.WriteAllTextAsync(_work.File("plain.env"), "PASSWORD=tiger\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_work.File("right"), "hunter22\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_work.File("wrong"), "hunter23\n", TestContext.Current.CancellationToken);
        var encrypted = await RunAsync(["sops", "encrypt", .. recipient, "--output", "sealed.env", "plain.env"]);
        Assert.Equal(("", 0), (encrypted.Error, encrypted.ExitCode));

        var opened = await RunAsync("sops", "decrypt", "--key-file", keyFile, "--passphrase-file", "right", "sealed.env");
        Assert.Equal(("", 0, "PASSWORD=tiger\n"), (opened.Error, opened.ExitCode, opened.OutputText));
        var wrong = await RunAsync("sops", "decrypt", "--key-file", keyFile, "--passphrase-file", "wrong", "sealed.env");
        Assert.Equal(128, wrong.ExitCode);
        Assert.Contains("passphrase does not fit", wrong.Error, StringComparison.Ordinal);
        var none = await RunAsync("sops", "decrypt", "--key-file", keyFile, "sealed.env");
        Assert.Equal(128, none.ExitCode);
        Assert.Contains("passphrase", none.Error, StringComparison.Ordinal);
    }

    /// <summary>Byte for byte, but for one thing: a comment behind a value stays there, where sops of that version put it on a line of its own.</summary>
    private static void AssertSame(byte[] expected, byte[] actual)
    {
        if (actual.AsSpan().IndexOf("# inline"u8) < 0) Assert.Equal(expected, actual);
        else Assert.Equal(Encoding.UTF8.GetString(expected), Regex.Replace(Encoding.UTF8.GetString(actual), "^( *)([^ #\n].*) (# inline.*)$", "$1$3\n$1$2", RegexOptions.Multiline));
    }

    private string ProtectedIdentity()
    {
        var identity = File.ReadAllBytes(SopsVectors.KeyFile("age-a"));
        File.WriteAllBytes(_work.File("protected.agekey"), AgeFile.Encrypt(identity, [new ScryptRecipient("hunter22"u8, logN: 10)]));
        return _work.File("protected.agekey");
    }

    /// <summary>Words of the plaintext that could not be in a message by chance.</summary>
    private static IEnumerable<string> LongWords(string plain) =>
        plain.Split([' ', '\n', '"', ':', ',', '!'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length >= 16);

    private static string Files(string keys) => string.Join(',', keys.Split(',').Select(SopsVectors.KeyFile));

    private static string AllFiles() => Files("age-a,age-b,age-c,age-pq,ssh,pgp-rsa,pgp-ecc,pgp-nistp256,pgp-ecc-ocb");

    private Task<SealRun> RunAsync(params string[] arguments) =>
        SealProgram.RunAsync(SealProgram.Path, arguments, [], _work.Path, new Dictionary<string, string>(), TestContext.Current.CancellationToken);
}
