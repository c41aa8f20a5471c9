namespace GitOpsSecrets.Seal.Cli.Tests.Running;

/// <summary>The programs that the machine has.</summary>
internal static class MachinePath
{
    public static bool Has(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
