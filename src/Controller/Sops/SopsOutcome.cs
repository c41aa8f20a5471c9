namespace GitOpsSecrets.Controller.Sops;

/// <summary>What one pass over a SopsSecret came to; status, event and metrics are made from it and from nothing else.</summary>
internal abstract record SopsOutcome
{
    private SopsOutcome() { }

    /// <summary>The Secrets are what the SopsSecret says.</summary>
    /// <param name="Mark">By which the next pass, or the next start, knows that nothing is to be done.</param>
    /// <param name="Mac">What is known of the whole; <c>null</c> to keep what the status says.</param>
    /// <param name="Secrets">How many; <c>null</c> to keep what the status says.</param>
    /// <param name="Written">Some were created, changed or deleted.</param>
    public sealed record Synced(SopsMark Mark, MacVerdict? Mac, int? Secrets, bool Written) : SopsOutcome;

    /// <summary>Some Secret is not what the SopsSecret says.</summary>
    /// <param name="Reason">One of <see cref="SopsReason"/>.</param>
    /// <param name="Original">What the original says in <c>status.message</c>.</param>
    /// <param name="Message">Of the event and the conditions.</param>
    /// <param name="Final">Trying again is of no use until the object, a key or a Secret changes.</param>
    public sealed record Failed(string Reason, string Original, string Message, bool Final) : SopsOutcome
    {
        /// <summary>Names of Secrets that are somebody else's.</summary>
        public IReadOnlyList<string> InTheWay { get; init; } = [];

        /// <summary>Names of Secrets that are declared no more, and stay until all that is declared is there.</summary>
        public IReadOnlyList<string> Held { get; init; } = [];

        /// <summary>When to try again all the same, though it is final.</summary>
        public TimeSpan? LookAgain { get; init; }

        /// <summary>As of a SealedSecret: the Secrets were made right as before, which somebody else undoes each time.</summary>
        public SopsMark? Undone { get; init; }
    }

    /// <summary>Nothing is done while <c>spec.suspend</c> is set.</summary>
    public sealed record Suspended : SopsOutcome;

    public const string Healthy = "Healthy";
    public const string DecryptionError = "Decryption error";
    public const string NotOwned = "Child secret is not owned by controller error";
    public const string UpdateError = "Child secret update error";
    public const string CreationError = "New child secret creation error";
    public const string ReconciliationSuspended = "Reconciliation is suspended";
}
