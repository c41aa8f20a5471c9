namespace GitOpsSecrets.Providers;

/// <summary>A source whose store can be written.</summary>
public interface IPush : ISecretSource
{
    /// <summary>Makes the remote place hold the value; no write where it does already.</summary>
    /// <exception cref="ProviderException">The store refused, or what is there is not ours to overwrite.</exception>
    Task PushAsync(PushRequest request, CancellationToken cancellationToken);

    /// <summary>Removes what was pushed; fine when it is gone already.</summary>
    /// <exception cref="ProviderException">The store refused.</exception>
    Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken);

    /// <summary>Whether the remote place holds something, whoever put it there.</summary>
    /// <exception cref="ProviderException">The store could not say.</exception>
    Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken);

    /// <summary>What the metadata of a place say of where it is: two of one key and property whose answers differ are two places. Empty where they say nothing of that.</summary>
    /// <exception cref="ProviderException">They are not understood.</exception>
    string LocationOf(RemotePlace place) => "";

    /// <summary>The UID of what the place is in, where that is an object of a cluster; null where it is none, or not there.</summary>
    /// <exception cref="ProviderException">The store could not say.</exception>
    Task<string?> FindUidAsync(RemotePlace place, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}
