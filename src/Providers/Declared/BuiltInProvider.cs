namespace GitOpsSecrets.Providers.Declared;

/// <summary>
/// A kind of store of a definition that comes with the program. It is read when the first store of its kind is looked at: a cluster uses one or two of them, and
/// all of them, parsed, were most of what an idle controller held in memory.
/// </summary>
internal sealed class BuiltInProvider(string name) : IProvider
{
    private readonly Lazy<DeclaredProvider> declared = new(() => new DeclaredProvider(BuiltInDefinitions.Read(name), Environment.GetEnvironmentVariable));

    public string Name => name;

    public StoreCapability Capability => declared.Value.Capability;

    public IReadOnlyList<string> Check(StoreDescription store) => declared.Value.Check(store);

    public IEnumerable<string> Unused(StoreDescription store) => declared.Value.Unused(store);

    public Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken) => declared.Value.OpenAsync(context, cancellationToken);
}
