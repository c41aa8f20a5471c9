using System.Security.Cryptography;
using GitOpsSecrets.Providers.Grpc;

namespace GitOpsSecrets.Providers.Cloudru;

/// <summary>Logs in with the access key of a service account. Zeroed on disposal.</summary>
/// <param name="secret">Taken over.</param>
internal sealed class CloudruAccessKey(string id, byte[] secret, GrpcClient client, CloudruDiscovery discovery, TimeProvider time) : IDisposable
{
    private const string Method = "/sbercloud.cp.iam.api.v1.auth.AuthService/GetToken";

    /// <exception cref="ProviderException">Cloud.ru refused it, or gave no token.</exception>
    public async Task<GrpcToken> LogInAsync(CancellationToken cancellationToken)
    {
        var servers = await discovery.ServersAsync(cancellationToken).ConfigureAwait(false);
        var start = time.GetUtcNow();
        var call = new GrpcCall(servers.Iam, Method, "GetToken", message => message.Text(1, id).Bytes(2, secret));
        using var answer = await client.SendAsync(call, null, cancellationToken).ConfigureAwait(false);
        return answer.Message.Text(1) is { Length: > 0 } token
            ? GrpcToken.Lasting(token, answer.Message.Number(4), start)
            : throw new ProviderException(ProviderFailureKind.Invalid, "Cloud.ru, asked to GetToken, gave none");
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(secret);
}
