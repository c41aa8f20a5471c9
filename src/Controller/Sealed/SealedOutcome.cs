namespace GitOpsSecrets.Controller.Sealed;

/// <summary>What one pass over a SealedSecret came to; status, event and metrics are made from it and from nothing else.</summary>
internal abstract record SealedOutcome
{
    private SealedOutcome() { }

    /// <summary>The Secret is what the SealedSecret says.</summary>
    /// <param name="SealingKeys">Fingerprints of the keys that opened the items, sorted; <c>null</c> to keep what the status says.</param>
    /// <param name="Mark">By which the next pass, or the next start, knows that nothing is to be done.</param>
    /// <param name="Written">The Secret was created or changed.</param>
    public sealed record Synced(IReadOnlyList<string>? SealingKeys, ObservedMark Mark, bool Written) : SealedOutcome;

    /// <summary>The Secret is not what the SealedSecret says, and stays what it was.</summary>
    /// <param name="Reason">Of the event and the conditions: <see cref="ErrUnsealFailed"/> or <see cref="ErrUpdateFailed"/>.</param>
    /// <param name="Event">Message of the event.</param>
    /// <param name="Message">Message of the condition.</param>
    /// <param name="Label">Value of the label <c>reason</c> of the error counter.</param>
    /// <param name="Final">Trying again is of no use until the object, a key or the Secret changes.</param>
    public sealed record Failed(string Reason, string Event, string Message, string Label, bool Final) : SealedOutcome
    {
        /// <summary>When to try again all the same, though it is final.</summary>
        public TimeSpan? LookAgain { get; init; }

        /// <summary>The Secret was made right as before, which somebody else undoes each time; then nothing is tried again until he has.</summary>
        public ObservedMark? Undone { get; init; }
    }

    public const string Unsealed = "Unsealed";
    public const string ErrUnsealFailed = "ErrUnsealFailed";
    public const string ErrUpdateFailed = "ErrUpdateFailed";
}
