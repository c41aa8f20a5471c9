using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Providers.SopsKeys;

/// <summary>A key service as a keyring wants it. Makes the service when the first entry needs it, and tells its failures as failures of SOPS.</summary>
public sealed class KeyServiceSource(KeyServiceKind kind, Func<KeyServiceContext> context) : IDataKeySource, IDisposable
{
    /// <summary>Wrapped copies of 33 bytes have some hundred characters.</summary>
    private const int MaxWrappedLength = 64 * 1024;

    private static readonly int[] Sizes = [32, 33];

    private readonly Lazy<IKeyService> service = new(() => kind.Open(context()));

    public string Kind => kind.Name;

    public async ValueTask<byte[]?> UnwrapAsync(MasterKey key, SopsLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Wrapped.Length is 0 or > MaxWrappedLength) throw new SopsException(SopsFailure.DataKey, $"{key}: its enc is empty or too long");
        try
        {
            var secret = await service.Value.UnwrapAsync(key, cancellationToken).ConfigureAwait(false);
            if (Sizes.Contains(secret.Length)) return secret;
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(secret);
            throw new SopsException(SopsFailure.DataKey, $"{key}: what the service unwrapped has neither 32 nor 33 bytes");
        }
        catch (ProviderException failure)
        {
            throw Told(key, failure, SopsFailure.DataKey);
        }
    }

    public async ValueTask<MasterKey> WrapAsync(MasterKey key, ReadOnlyMemory<byte> secret, string createdAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        try
        {
            return key.With(await service.Value.WrapAsync(key, secret, cancellationToken).ConfigureAwait(false), createdAt);
        }
        catch (ProviderException failure)
        {
            throw Told(key, failure, SopsFailure.NoKey);
        }
    }

    public void Dispose()
    {
        if (service.IsValueCreated) service.Value.Dispose();
    }

    private static SopsException Told(MasterKey key, ProviderException failure, SopsFailure otherwise)
    {
        var passes = failure.Kind is ProviderFailureKind.Unavailable or ProviderFailureKind.Throttled;
        return new SopsException(passes ? SopsFailure.Unavailable : otherwise, $"{key}: {failure.Message}", failure);
    }
}
