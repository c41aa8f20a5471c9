namespace GitOpsSecrets.Controller.Http;

/// <summary>What a request passes before anything is opened for it: its caller's rate, its body, and its turn.</summary>
internal sealed class OpeningDoor(SealedSecretBody body, RateGate gate, OpeningTurns turns)
{
    /// <returns>To be disposed when done, which ends its turn; <c>null</c> when the request was answered.</returns>
    public async Task<OpeningRequest?> EnterAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (!await gate.PassAsync(context, cancellationToken).ConfigureAwait(false)) return null;
        if (await body.ReadAsync(context, cancellationToken).ConfigureAwait(false) is not { } sealedSecret) return null;
        gate.Charge(context, sealedSecret.Spec.EncryptedData?.Count ?? 0);
        return new OpeningRequest(sealedSecret, await turns.TakeAsync(cancellationToken).ConfigureAwait(false));
    }
}
