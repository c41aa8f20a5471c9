using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>Every promise of the command line is a script in <c>scripts/</c>; <see cref="Script"/> says how they are written.</summary>
public sealed class ScriptTests
{
    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "scripts");

    public static TheoryData<string> Names()
    {
        var names = Directory.GetFiles(Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal).ToList();
        return names.Count > 0 ? [.. names] : throw new InvalidOperationException($"no scripts in {Folder}");
    }

    [Theory, MemberData(nameof(Names))]
    public async Task The_script_holds(string name)
    {
        await using var script = new Script(await File.ReadAllTextAsync(Path.Combine(Folder, name + ".txt"), TestContext.Current.CancellationToken));
        await script.RunAsync(TestContext.Current.CancellationToken);
    }
}
