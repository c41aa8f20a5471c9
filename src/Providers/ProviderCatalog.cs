using System.Collections.Frozen;

namespace GitOpsSecrets.Providers;

/// <summary>The kinds of stores that there are, by their name under <c>spec.provider</c>. A new one is a line where the catalog is made.</summary>
public sealed class ProviderCatalog(IEnumerable<IProvider> providers)
{
    private readonly FrozenDictionary<string, IProvider> byName = providers.ToFrozenDictionary(provider => provider.Name, StringComparer.Ordinal);

    public IProvider? Find(string name) => byName.GetValueOrDefault(name);

    public IEnumerable<IProvider> All => byName.Values;
}
