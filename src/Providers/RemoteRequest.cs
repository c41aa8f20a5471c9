namespace GitOpsSecrets.Providers;

/// <summary>What one call to a store asks for; compared by value, so it is the identity under which answers are shared.</summary>
/// <param name="Property">Only for stores that look the property up themselves.</param>
public sealed record RemoteRequest(string Key, string? Version, bool FetchMetadata, string? Property = null)
{
    /// <summary>The request of a store that gives its secrets whole: the property is looked up in the answer.</summary>
    public static RemoteRequest Whole(RemoteReference reference) => new(reference.Key, reference.Version, reference.FetchMetadata);
}
