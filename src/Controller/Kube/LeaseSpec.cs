namespace GitOpsSecrets.Controller.Kube;

/// <summary>Who holds a Lease since when and until when.</summary>
internal sealed record LeaseSpec
{
    /// <summary>Empty or <c>null</c>: nobody.</summary>
    public string? HolderIdentity { get; init; }
    public int? LeaseDurationSeconds { get; init; }

    /// <summary>RFC 3339 with microseconds. The holder's clock: others compare it for change only.</summary>
    public string? AcquireTime { get; init; }

    /// <summary>See <see cref="AcquireTime"/>.</summary>
    public string? RenewTime { get; init; }
    public int? LeaseTransitions { get; init; }
}
