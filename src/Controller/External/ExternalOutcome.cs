using GitOpsSecrets.Controller.External.Refresh;

namespace GitOpsSecrets.Controller.External;

/// <summary>What one pass over an ExternalSecret came to; status, events and metrics are made from it and from nothing else.</summary>
internal abstract record ExternalOutcome
{
    private ExternalOutcome() { }

    /// <summary>Nothing was to be done.</summary>
    public sealed record Unchanged : ExternalOutcome;

    /// <summary>The Secret is what the ExternalSecret says, or need not be there.</summary>
    /// <param name="Reason">Of the condition.</param>
    /// <param name="Message">Of the condition.</param>
    /// <param name="Sync">What was synced; null when nothing was and the next pass is to look again.</param>
    /// <param name="Binding">Name of the Secret that is bound.</param>
    /// <param name="Events">To be told.</param>
    public sealed record Synced(string Reason, string Message, LastSync Sync, string? Binding, IReadOnlyList<ExternalEvent> Events) : ExternalOutcome
    {
        /// <summary>Makes what is to be said if that was of no use before, as seldom as that is; null when nothing was written.</summary>
        public Func<string>? Contest { get; init; }

        /// <summary>Paths of fields of its entries that were given and have no effect.</summary>
        public IReadOnlyList<string> Unused { get; init; } = [];
    }

    /// <summary>Nothing could be done so far, which is nobody's failure.</summary>
    /// <param name="Reason">Of the condition.</param>
    /// <param name="Message">Of the condition.</param>
    public sealed record Waiting(string Reason, string Message) : ExternalOutcome;

    /// <summary>The Secret is not what the ExternalSecret says, and stays what it was.</summary>
    /// <param name="Message">The original's words, by which scripts know the kind of failure.</param>
    /// <param name="Cause">What is the matter, in words that hold no value.</param>
    /// <param name="Final">Trying again is of no use until something changes.</param>
    /// <param name="RetryAfter">Not sooner than this.</param>
    /// <param name="Events">To be told besides the failure itself.</param>
    public sealed record Failed(string Message, string Cause, bool Final, TimeSpan? RetryAfter, IReadOnlyList<ExternalEvent> Events) : ExternalOutcome
    {
        /// <summary>Of the condition.</summary>
        public string Reason { get; init; } = ExternalReasons.SecretSyncedError;

        /// <summary>Set when a refresh was due and nothing could be fetched.</summary>
        public FailedRefresh? Refresh { get; init; }

        /// <summary>As of a SealedSecret: the target was made right, which somebody else undoes each time.</summary>
        public LastSync? Undone { get; init; }

        public string FullMessage => Cause.Length == 0 ? Message : $"{Message}: {Cause}";
    }
}
