using GitOpsSecrets.Providers.Grpc;

namespace GitOpsSecrets.Providers.Nebius;

/// <summary>Nebius MysteryBox, with one identity.</summary>
/// <param name="server">Where secrets are read.</param>
/// <param name="account">Null where the store holds a token.</param>
internal sealed class NebiusSource(GrpcSession session, Uri server, NebiusServiceAccount? account) : IValidate
{
    private const string Method = "/nebius.mysterybox.v1.PayloadService/Get";

    /// <summary>Secrets come whole, so that all who need one of their entries share a call.</summary>
    public RemoteRequest RequestFor(RemoteReference reference) => new(reference.Key, reference.Version, false);

    public async Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = new GrpcCall(server, Method, "GetSecret", message => message.Text(1, request.Key).Text(2, request.Version)) { Tolerated = [GrpcStatus.NotFound] };
        using var answer = await session.SendAsync(call, cancellationToken).ConfigureAwait(false);
        return answer.Status == GrpcStatus.NotFound ? null : NebiusSecret.Of(request.Key, answer.Message.List(2));
    }

    public Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken) => StoreValidity.OfAsync(() => session.TokenAsync(cancellationToken));

    public ValueTask DisposeAsync()
    {
        session.Dispose();
        account?.Dispose();
        return default;
    }
}
