namespace GitOpsSecrets.Providers;

/// <summary>A source that can search its store.</summary>
public interface IFind : ISecretSource
{
    /// <summary>The values of all that match, under their full names; null when the store says that there is nothing to search in.</summary>
    /// <exception cref="ProviderException">The search failed, or this store cannot search by what was asked.</exception>
    Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken);

    /// <summary>Parts of a search that were given and narrow nothing in this store, by their names in <c>find</c>.</summary>
    IEnumerable<string> Unused(FindRequest request) => [];
}
