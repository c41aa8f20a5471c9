using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Sops;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sops;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal sops filestatus FILE</c>.</summary>
internal sealed class SopsFileStatusCommand : ICommand
{
    public string Name => "sops filestatus";

    public string Arguments => "[flags] FILE";

    public string Summary => "Says whether a file is encrypted by SOPS";

    public string Description => """
        Prints {"encrypted":true} or {"encrypted":false}, as sops does; no key is needed.

        Example:
          seal sops filestatus secret.enc.yaml
        """;

    public IReadOnlyList<FlagGroup> Flags => [new("Files", [SopsFlags.InputType])];

    public Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        var input = SopsInput.Read(flags);
        Talk.Write(IsEncrypted(input) ? "{\"encrypted\":true}\n" : "{\"encrypted\":false}\n");
        return Task.FromResult(ExitCode.Success);
    }

    private static bool IsEncrypted(SopsInput input)
    {
        try
        {
            SopsFile.Parse(input.Bytes, input.Format, SopsLimits.OwnFiles);
            return true;
        }
        catch (SopsException failure) when (failure.Failure == SopsFailure.NotSealed || input.Format == SopsFormat.Binary)
        {
            return false;
        }
        catch (SopsException failure)
        {
            throw SopsProblem.Of(input.Name, failure);
        }
    }
}
