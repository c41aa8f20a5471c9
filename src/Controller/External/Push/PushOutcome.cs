using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>What one pass over a PushSecret came to; status, events and metrics are made from it and from nothing else.</summary>
internal abstract record PushOutcome
{
    private PushOutcome() { }

    /// <summary>Nothing was to be done.</summary>
    public sealed record Unchanged : PushOutcome;

    /// <summary>All stores hold what the PushSecret says.</summary>
    /// <param name="Version">Of the PushSecret.</param>
    /// <param name="At">When the pass began.</param>
    /// <param name="Mark">Hash of what it was made from.</param>
    /// <param name="Pushed">What lies where.</param>
    public sealed record Synced(string Message, string Version, DateTimeOffset At, string Mark, SortedDictionary<string, SortedDictionary<string, PushSecretData>> Pushed) : PushOutcome
    {
        /// <summary>When it is pushed anew, since what its generator made ends; null when it does not.</summary>
        public DateTimeOffset? RenewAt { get; init; }
    }

    /// <summary>Some store does not.</summary>
    /// <param name="Reason">Of the condition.</param>
    /// <param name="Message">Of the condition; holds no value.</param>
    /// <param name="Final">Of no use to try again until something changes.</param>
    /// <param name="RetryAfter">Not sooner than this.</param>
    /// <param name="Pushed">What lies where, so far as is known; null leaves what is remembered.</param>
    public sealed record Failed(string Reason, string Message, bool Final, TimeSpan? RetryAfter, SortedDictionary<string, SortedDictionary<string, PushSecretData>>? Pushed) : PushOutcome;
}
