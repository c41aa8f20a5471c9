namespace GitOpsSecrets.Api.Sops;

public sealed record SopsSecretStatus
{
    /// <summary>In the original's words: <c>Healthy</c>, <c>Decryption error</c>, ….</summary>
    public string? Message { get; init; }

    /// <summary>−1 until the controller has looked at the object. This and all below is ours.</summary>
    public long? ObservedGeneration { get; init; }
    public IReadOnlyList<StatusCondition>? Conditions { get; init; }

    /// <summary>Hash over what the Secrets were last made from, so that a restart can tell that nothing is to be done.</summary>
    public string? ObservedHash { get; init; }

    /// <summary>Value of the annotation <c>reconcile.fluxcd.io/requestedAt</c> that was acted upon last.</summary>
    public string? LastHandledReconcileAt { get; init; }
}
