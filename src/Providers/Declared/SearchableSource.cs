namespace GitOpsSecrets.Providers.Declared;

/// <summary>A store of a definition that can be searched.</summary>
internal class SearchableSource(DeclaredParts parts) : DeclaredSource(parts), IFind
{
    private readonly DeclaredSearch search = new(parts.Definition, parts.Steps, parts.Reads, parts.Inputs);

    public Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken) => search.FindAsync(request, cancellationToken);
}
