using GitOpsSecrets.Seal.Cli.Tests.Running;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>Every promise of the command line is a script in <c>scripts/</c>; <see cref="Script"/> says how they are written.</summary>
public sealed class ScriptTests
{
    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "scripts");

    /// <summary>All of them, or while one works on some, those that <c>SEAL_SCRIPTS</c> names: <c>SEAL_SCRIPTS=render,diff dotnet test …</c>.</summary>
    public static TheoryData<string> Names()
    {
        var wanted = Environment.GetEnvironmentVariable("SEAL_SCRIPTS") is { Length: > 0 } some ? some.Split(',') : null;
        var names = Directory.GetFiles(Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => wanted?.Contains(name) ?? true).Order(StringComparer.Ordinal).ToList();
        return names.Count > 0 ? [.. names] : throw new InvalidOperationException($"no scripts in {Folder}");
    }

    [Theory, MemberData(nameof(Names))]
    public async Task The_script_holds(string name)
    {
        await using var script = new Script(await File.ReadAllTextAsync(Path.Combine(Folder, name + ".txt"), TestContext.Current.CancellationToken));
        await script.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What a script says of the cluster's controller holds of the controller itself, not only of the stand-in.</summary>
    [Theory]
    [InlineData("cert")]
    [InlineData("cluster")]
    [InlineData("reencrypt-controller")]
    public Task The_script_holds_with_the_controller_itself(string name) => RunAsync(name, ClusterKind.Local);

    private static async Task RunAsync(string name, ClusterKind kind)
    {
        await using var script = new Script(await File.ReadAllTextAsync(Path.Combine(Folder, name + ".txt"), TestContext.Current.CancellationToken), kind);
        await script.RunAsync(TestContext.Current.CancellationToken);
    }
}
