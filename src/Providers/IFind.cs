namespace GitOpsSecrets.Providers;

/// <summary>A source that can search its store.</summary>
public interface IFind : ISecretSource
{
    /// <summary>The values of all that match, under their full names; null when the store says that there is nothing to search in.</summary>
    /// <exception cref="ProviderException">The search failed, or this store cannot search by what was asked.</exception>
    Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken);
}
