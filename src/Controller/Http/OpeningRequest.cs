using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Http;

/// <summary>A SealedSecret whose turn it is.</summary>
internal sealed class OpeningRequest(SealedSecret sealedSecret, IDisposable turn) : IDisposable
{
    public SealedSecret SealedSecret => sealedSecret;

    public void Dispose() => turn.Dispose();
}
