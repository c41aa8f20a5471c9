namespace GitOpsSecrets.Sops.Keys;

/// <summary>
/// Wraps and unwraps data keys with master keys of one kind. age and OpenPGP do it here; clouds and Vault do it over their wires, so it is
/// asynchronous and may fail for a while.
/// </summary>
public interface IDataKeySource
{
    /// <summary>One of <see cref="MasterKeyKind"/>.</summary>
    string Kind { get; }

    /// <param name="key">An entry of this kind.</param>
    /// <param name="limits">Bounds on what the entry may cost.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The data key or share, for the caller to zero; null when no private key is at hand for this entry.</returns>
    /// <exception cref="SopsException">
    /// <see cref="SopsFailure.DataKey"/>: the entry is broken, or its service refuses; <see cref="SopsFailure.Unavailable"/>: the service does not answer now.
    /// </exception>
    ValueTask<byte[]?> UnwrapAsync(MasterKey key, SopsLimits limits, CancellationToken cancellationToken);

    /// <param name="key">Whom to wrap for; what it holds wrapped is ignored.</param>
    /// <param name="secret">The data key (32 bytes) or a share of it (33).</param>
    /// <param name="createdAt">RFC 3339 time for kinds that record one.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The entry with its wrapped copy.</returns>
    /// <exception cref="SopsException"><see cref="SopsFailure.NoKey"/>: the key is unknown or unusable; <see cref="SopsFailure.Unavailable"/>.</exception>
    ValueTask<MasterKey> WrapAsync(MasterKey key, ReadOnlyMemory<byte> secret, string createdAt, CancellationToken cancellationToken);
}
