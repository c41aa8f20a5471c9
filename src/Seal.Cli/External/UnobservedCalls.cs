using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Seal.Cli.External;

/// <summary>A command has no metrics.</summary>
internal sealed class UnobservedCalls : ICallObserver
{
    public void Called(string provider, string operation, bool succeeded, TimeSpan duration)
    {
    }
}
