using System.Text;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>What is sealed with an expired certificate may be readable by whoever found its old key.</summary>
public sealed class ExpiredCertificateTests : IDisposable
{
    private const string Secret = """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"db","namespace":"shop"},"stringData":{"password":"hunter2"}}""";

    private readonly WorkFolder work = new();

    public void Dispose() => work.Dispose();

    [Theory]
    [InlineData("--format yaml")]
    [InlineData("--raw --scope cluster-wide")]
    [InlineData("--scope namespace-wide -w sealed.json")]
    public async Task Nothing_is_sealed_with_an_expired_certificate(string flags)
    {
        foreach (var (certificate, seals) in new[] { ("expired.crt", false), ("main.crt", true) })
        {
            string[] arguments = ["--cert", Path.Combine(Vectors.Folder, "keys", certificate), .. flags.Split(' ')];
            var run = await SealProgram.RunAsync(SealProgram.Path, arguments, Encoding.UTF8.GetBytes(Secret), work.Path, new Dictionary<string, string>(), TestContext.Current.CancellationToken);
            Assert.Equal(seals ? 0 : 1, run.ExitCode);
            Assert.Equal(seals, run.OutputText.Length > 0 || File.Exists(work.File("sealed.json")));
            if (!seals) Assert.Contains("expired", run.Error, StringComparison.Ordinal);
        }
    }
}
