using System.Text;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>Files as editors and shells on Windows write them.</summary>
public sealed class EncodingTests : IDisposable
{
    private readonly WorkFolder _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData(false, "verify")]
    [InlineData(true, "verify")]
    [InlineData(false, "reencrypt")]
    [InlineData(true, "reencrypt")]
    public async Task A_SealedSecret_in_UTF_16_in_a_folder_is_named(bool bigEndian, string command)
    {
        await WriteAsync("d/sealed.yaml", "kind: SealedSecret\n", new UnicodeEncoding(bigEndian, byteOrderMark: true));
        await WriteAsync("d/other.yaml", "kind: ConfigMap\n", new UnicodeEncoding(bigEndian, byteOrderMark: true));
        string[] keys = command == "reencrypt" ? ["--cert", Key("main.crt"), "--recovery-private-key", Key("main.key")] : [];
        var run = await RunAsync([command, .. keys, "d"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("d/sealed.yaml is UTF-16; save it as UTF-8", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("other.yaml", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_may_begin_with_a_byte_order_mark()
    {
        await WriteAsync("cert.pem", await File.ReadAllTextAsync(Key("main.crt"), TestContext.Current.CancellationToken), Encoding.UTF8);
        await WriteAsync("value", "v", new UTF8Encoding(false));
        var run = await RunAsync("--raw", "--name", "a", "-n", "b", "--from-file", "value", "--cert", "cert.pem");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    private static string Key(string name) => Path.Combine(Vectors.Folder, "keys", name);

    private Task<SealRun> RunAsync(params string[] arguments) =>
        SealProgram.RunAsync(SealProgram.Path, arguments, [], _work.Path, new Dictionary<string, string>(), TestContext.Current.CancellationToken);

    private Task WriteAsync(string name, string content, Encoding encoding)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_work.File(name))!);
        return File.WriteAllTextAsync(_work.File(name), content, encoding, TestContext.Current.CancellationToken);
    }
}
