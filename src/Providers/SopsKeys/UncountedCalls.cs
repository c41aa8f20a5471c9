namespace GitOpsSecrets.Providers.SopsKeys;

/// <summary>For programs that end before anybody could ask how often they called.</summary>
public sealed class UncountedCalls : ICallObserver
{
    public void Called(string provider, string operation, bool succeeded, TimeSpan duration)
    {
    }
}
