namespace GitOpsSecrets.Controller.Http;

/// <summary>What a request passes before anything is opened for it: its caller's rate, its body, and its turn.</summary>
internal sealed class OpeningDoor(SealedSecretBody body, RateGate gate, OpeningTurns turns)
{
    /// <summary>Of one object. etcd takes no SealedSecret with more, unless its keys are short.</summary>
    public const int MaxItems = 2000;

    /// <summary>Private operations that one object may cost: each item of the largest one, and a search through as many keys.</summary>
    public const int MaxOperations = 2 * MaxItems;

    /// <returns>To be disposed when done, which ends its turn; <c>null</c> when the request was answered.</returns>
    public async Task<OpeningRequest?> EnterAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (!await gate.PassAsync(context, cancellationToken).ConfigureAwait(false)) return null;
        if (await body.ReadAsync(context, cancellationToken).ConfigureAwait(false) is not { } sealedSecret) return null;
        var items = sealedSecret.Spec.EncryptedData?.Count ?? 0;
        if (items > MaxItems)
        {
            await RefuseAsync(context, $"the SealedSecret has {items} items; {MaxItems} at most are opened for a request", cancellationToken).ConfigureAwait(false);
            return null;
        }
        gate.Charge(context, items);
        return new OpeningRequest(sealedSecret, await turns.TakeAsync(items, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>What costs more than anybody gets.</summary>
    public static Task RefuseAsync(HttpContext context, string problem, CancellationToken cancellationToken) =>
        Answer.TextAsync(context, StatusCodes.Status413PayloadTooLarge, problem, cancellationToken);

    /// <summary>Keys that were tried in vain cost as items do.</summary>
    public void Charge(HttpContext context, OpeningRequest request, int operations) => gate.Charge(context, operations - (request.SealedSecret.Spec.EncryptedData?.Count ?? 0));
}
