namespace GitOpsSecrets.Providers.Declared;

/// <summary>A store of a definition that can be written, and not searched.</summary>
internal sealed class WritableSource(DeclaredParts parts) : DeclaredSource(parts), IPush
{
    private readonly DeclaredWrites writes = new(parts.Definition, parts.Steps, parts.Inputs);

    public Task PushAsync(PushRequest request, CancellationToken cancellationToken) => writes.PushAsync(request, cancellationToken);

    public Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken) => writes.DeleteAsync(place, cancellationToken);

    public Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken) => writes.ExistsAsync(place, cancellationToken);
}
