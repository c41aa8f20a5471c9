namespace GitOpsSecrets.Controller.External.Target;

/// <summary>What an ExternalSecret writes: a Secret, or an object of another kind.</summary>
internal interface IExternalTarget
{
    /// <summary>Looks at the target, where the caches do not show it.</summary>
    /// <returns>The view with it, or why there can be none.</returns>
    ValueTask<(ExternalView Seen, ExternalOutcome.Failed? Failure)> LookAsync(ExternalView seen, CancellationToken cancellationToken);

    /// <summary>Whether the target is as the ExternalSecret left it, though it was touched or nothing remembers that.</summary>
    Task<bool> IsRightAsync(ExternalView seen, CancellationToken cancellationToken);

    /// <summary>Remembers that the target was found to be right.</summary>
    ExternalOutcome Verified(ExternalView seen);

    /// <summary>With creationPolicy None nothing is written, so nothing is fetched.</summary>
    ExternalOutcome NothingToWrite(ExternalView seen, DateTimeOffset now);

    /// <summary>Looks after a target whose values cannot change any more, as was asked for.</summary>
    /// <returns>Null when its values can change.</returns>
    Task<ExternalOutcome?> KeepAsync(ExternalView seen, DateTimeOffset now, CancellationToken cancellationToken) => Task.FromResult<ExternalOutcome?>(null);

    /// <summary>The provider has no values at all.</summary>
    Task<ExternalOutcome> EmptyAsync(ExternalView seen, LastSync sync, IReadOnlyList<ExternalEvent> events, CancellationToken cancellationToken);

    Task<ExternalOutcome> WriteAsync(ExternalView seen, IReadOnlyDictionary<string, byte[]> values, LastSync sync, IReadOnlyList<ExternalEvent> events, CancellationToken cancellationToken);
}
