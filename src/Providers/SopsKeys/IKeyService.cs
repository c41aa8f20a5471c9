using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Providers.SopsKeys;

/// <summary>
/// A service that keeps master keys of SOPS of one kind and never gives them away: it wraps and unwraps data keys. What an entry says is a stranger's
/// word: where it becomes part of an address, it is checked first, and credentials go to no host that a stranger names
/// (<see cref="KeyServiceCredentials.TrustsAddresses"/>).
/// </summary>
public interface IKeyService : IDisposable
{
    /// <param name="key">Whose key; what it holds wrapped is ignored.</param>
    /// <param name="secret">32 or 33 bytes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Text for the entry's <c>enc</c>.</returns>
    /// <exception cref="ProviderException">Its kind says whether to try again.</exception>
    Task<string> WrapAsync(MasterKey key, ReadOnlyMemory<byte> secret, CancellationToken cancellationToken);

    /// <param name="key">With its wrapped copy.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The data key or share, for the caller to zero.</returns>
    /// <exception cref="ProviderException">Its kind says whether to try again.</exception>
    Task<byte[]> UnwrapAsync(MasterKey key, CancellationToken cancellationToken);
}
