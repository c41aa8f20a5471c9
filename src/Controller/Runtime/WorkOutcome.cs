namespace GitOpsSecrets.Controller.Runtime;

internal enum WorkOutcome
{
    /// <summary>The world matches.</summary>
    Succeeded,

    /// <summary>The world matches for now; the reconciler asked to be called again.</summary>
    Requeued,

    /// <summary>Retried after a back-off.</summary>
    Failed,

    /// <summary>Not retried until a change.</summary>
    Terminal,

    /// <summary>Given up because the process stops or lost its leadership.</summary>
    Interrupted,
}
