using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>What <c>dotnet publish</c> leaves, which is what a release holds.</summary>
public sealed class PublishTests
{
    /// <summary>It is copied about alone: no library, no symbols, no settings that it would miss elsewhere.</summary>
    [Fact]
    public void It_is_one_executable_and_nothing_beside_it()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("SEAL_BIN") is { Length: > 0 }, "SEAL_BIN names no published seal; beside the one of this build lie its libraries");
        Assert.SkipUnless(Path.GetFileNameWithoutExtension(SealProgram.Path) == "seal", "SEAL_BIN is another program");
        Assert.Equal([Path.GetFileName(SealProgram.Path)], Directory.GetFileSystemEntries(Path.GetDirectoryName(SealProgram.Path)!).Select(Path.GetFileName));
    }
}
