using System.Text;

namespace GitOpsSecrets.Seal.Cli.Tests.Running;

internal sealed record SealRun(int ExitCode, byte[] Output, string Error)
{
    public string OutputText => Encoding.UTF8.GetString(Output);
}
