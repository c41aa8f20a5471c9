namespace GitOpsSecrets.Api;

public sealed record SealedSecretStatus
{
    public long? ObservedGeneration { get; init; }
    public IReadOnlyList<StatusCondition>? Conditions { get; init; }

    /// <summary>Fingerprints (<c>SHA256:…</c>) of the sealing keys that opened the object last, sorted. Ours; the original has no such field.</summary>
    public IReadOnlyList<string>? SealingKeys { get; init; }

    /// <summary>Hash over what the Secret was last made from, so that a restart can tell that nothing is to be done. Ours.</summary>
    public string? ObservedHash { get; init; }

    /// <summary>Value of the annotation <c>reconcile.fluxcd.io/requestedAt</c> that was acted upon last. Ours.</summary>
    public string? LastHandledReconcileAt { get; init; }
}
