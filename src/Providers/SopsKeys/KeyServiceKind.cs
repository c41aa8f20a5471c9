namespace GitOpsSecrets.Providers.SopsKeys;

/// <summary>One kind of key service.</summary>
/// <param name="Name">One of <see cref="Sops.Keys.MasterKeyKind"/>.</param>
/// <param name="Item">The item of a key Secret that holds credentials for it, as Flux names it.</param>
/// <param name="Open">Makes the service; calls nothing yet.</param>
public sealed record KeyServiceKind(string Name, string Item, Func<KeyServiceContext, IKeyService> Open)
{
    /// <summary>A source for a keyring. Nothing is made before an entry of the kind is met.</summary>
    public KeyServiceSource Source(Func<KeyServiceContext> context) => new(this, context);
}
