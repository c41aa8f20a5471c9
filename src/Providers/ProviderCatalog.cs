using System.Collections.Frozen;
using GitOpsSecrets.Providers.Declared;

namespace GitOpsSecrets.Providers;

/// <summary>The kinds of stores that there are, by their name under <c>spec.provider</c>. A new one is a line where the catalog is made.</summary>
public sealed class ProviderCatalog(IEnumerable<IProvider> providers)
{
    private readonly FrozenDictionary<string, IProvider> byName = providers.ToFrozenDictionary(provider => provider.Name, StringComparer.Ordinal);

    public IProvider? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>What a store of a kind that there is not is told: that nobody knows it, or why it is not there yet.</summary>
    public static string WhyNot(string name) => NotYetThere.ReasonFor(name) is { } reason
        ? $"spec.provider.{name} is not supported yet: {reason}"
        : $"spec.provider.{name} is no provider that this controller knows";

    public IEnumerable<IProvider> All => byName.Values;

    /// <summary>The changed secret, in the terms of a store of this kind; null when it is not in this store.</summary>
    public ChangedSecret? Recognize(string provider, StoreDescription store, RemoteChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (provider != change.Provider) return null;
        if (Find(provider) is not IRecognizeChange recognizing) return ChangedSecret.Of(change.Key);
        try
        {
            return recognizing.Recognize(store, change);
        }
        catch (ProviderException)
        {
            // A store that cannot be read has no answers to refresh.
            return null;
        }
    }
}
