using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>One secret, or what a search found; neither when there is nothing.</summary>
internal sealed class FetchedValues(RemoteSecret? secret, SecretValues? found) : IDisposable
{
    /// <summary>For the bookkeeping of an answer without values.</summary>
    private const long Least = 128;

    public RemoteSecret? Secret => secret;

    public SecretValues? Found => found;

    /// <summary>Bytes held.</summary>
    public long Size => Least + (secret?.Size ?? 0) + (found?.Entries.Sum(entry => (long)entry.Key.Length + entry.Value.Length) ?? 0);

    public void Dispose()
    {
        secret?.Dispose();
        found?.Dispose();
    }
}
