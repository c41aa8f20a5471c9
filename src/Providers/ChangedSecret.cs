using GitOpsSecrets.GoTemplate.RegularExpressions;

namespace GitOpsSecrets.Providers;

/// <summary>A secret that is another now, in the terms of one store.</summary>
/// <param name="Name">What searches of the store look at.</param>
/// <param name="IsNamedBy">Whether a key names it.</param>
public sealed record ChangedSecret(string Name, Func<string, bool> IsNamedBy)
{
    /// <summary>For stores whose keys have one spelling.</summary>
    public static ChangedSecret Of(string key) => new(key, named => named == key);

    /// <summary>Whether a search would bring it. Tags are not known here: they exclude nothing.</summary>
    public bool IsFoundBy(FindRequest search)
    {
        ArgumentNullException.ThrowIfNull(search);
        if (search.Path is { } path && !Name.TrimStart('/').StartsWith(path.Trim('/'), StringComparison.Ordinal)) return false;
        try
        {
            return search.ParseName()?.IsMatch(Name) ?? true;
        }
        catch (Exception failure) when (failure is ProviderException or Re2LimitException)
        {
            // A search that cannot be made brings nothing.
            return false;
        }
    }
}
