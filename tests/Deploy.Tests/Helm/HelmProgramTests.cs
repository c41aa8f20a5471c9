using System.Diagnostics;
using GitOpsSecrets.Deploy.Tests.Manifests;

namespace GitOpsSecrets.Deploy.Tests.Helm;

/// <summary>What Helm itself makes of the chart, on machines that have it; everywhere else our imitation of it stands alone.</summary>
public sealed class HelmProgramTests
{
    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "helm.exe" : "helm")).FirstOrDefault(File.Exists);

    [Fact]
    public async Task Helm_renders_the_same_objects_as_our_imitation()
    {
        var rendered = ManifestSet.Parse(await RunAsync("template", "sealed-secrets", Repository.PathOf(HelmChart.Folder), "--namespace", "kube-system"));
        Assert.Equal(Names(HelmChart.Template()), Names(rendered));
    }

    [Fact]
    public async Task Helm_finds_no_fault_with_the_chart() => Assert.Contains("0 chart(s) failed", await RunAsync("lint", "--strict", Repository.PathOf(HelmChart.Folder)), StringComparison.Ordinal);

    private static IEnumerable<string> Names(ManifestSet manifests) => manifests.All.Select(manifest => manifest.ToString()).Order(StringComparer.Ordinal);

    private static async Task<string> RunAsync(params string[] arguments)
    {
        Assert.SkipWhen(Program is null, "helm is not on the PATH");
        using var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
        return output;
    }
}
