using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Google;

/// <summary>A service account by its key file.</summary>
/// <param name="library">Logs in.</param>
/// <param name="read">Reads the key file; zeroed here.</param>
internal sealed class ServiceAccountLogin(GoogleLibrary library, Func<CancellationToken, Task<byte[]>> read) : IGoogleLogin
{
    public async Task<GoogleToken> LogInAsync(CancellationToken cancellationToken)
    {
        var bytes = await read(cancellationToken).ConfigureAwait(false);
        try
        {
            using var key = GoogleKey.Parse(bytes);
            return await library.LogInAsync(library.ServiceAccount(key), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
