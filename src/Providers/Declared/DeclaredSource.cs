namespace GitOpsSecrets.Providers.Declared;

/// <summary>A store of a definition, opened with one identity. What more than reading it can do is said by the classes that derive from it.</summary>
internal class DeclaredSource(DeclaredParts parts) : IValidate
{
    protected DeclaredParts Parts { get; } = parts;

    public static DeclaredSource Of(DeclaredParts parts) => (parts.Definition.Finds.Count > 0, parts.Definition.Push is not null) switch
    {
        (true, true) => new FullSource(parts),
        (true, false) => new SearchableSource(parts),
        (false, true) => new WritableSource(parts),
        _ => new DeclaredSource(parts),
    };

    public RemoteRequest RequestFor(RemoteReference reference) => new(
        reference.Key,
        Parts.Definition.UsesVersion ? reference.Version : null,
        reference.FetchMetadata && Parts.Definition.UsesMetadata,
        Parts.Definition.UsesProperty(reference.Property) ? reference.Property : null);

    public Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken) => Parts.Reads.FetchAsync(request, cancellationToken);

    public async Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken)
    {
        if (Parts.Definition.Validate.Count == 0) return StoreValidity.Unknown($"{Parts.Definition.Title} has no request that is only there to try");
        try
        {
            using var scope = new Variables(Parts.Inputs);
            if (Parts.Definition.Validate.FirstOrDefault(step => step.Condition.Holds(scope)) is not { } step) return StoreValidity.Unknown(null);
            using var answer = await Parts.Steps.RunOneAsync(step, scope, cancellationToken).ConfigureAwait(false);
            return StoreValidity.Valid;
        }
        catch (ProviderException failure)
        {
            return StoreValidity.Invalid(failure.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Parts.Session.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }
}
