namespace GitOpsSecrets.Providers;

/// <summary>What a service says of itself: that one of its secrets is another now. It is a claim; what is true is what the store answers when it is asked.</summary>
/// <param name="Provider">The member of <c>spec.provider</c> whose stores it is about, such as <c>aws</c>.</param>
/// <param name="Key">The secret: as the service names it, or as a <c>remoteRef</c> does.</param>
public sealed record RemoteChange(string Provider, string Key)
{
    /// <summary>Which part of the provider: one of AWS's services, one of Azure's kinds of objects, a mount of Vault's. null where that is not said.</summary>
    public string? Part { get; init; }

    /// <summary>The region; null where that is not said.</summary>
    public string? Region { get; init; }

    /// <summary>What holds the secret: a vault's name, a project, a namespace of Vault's. null where that is not said.</summary>
    public string? Container { get; init; }
}
