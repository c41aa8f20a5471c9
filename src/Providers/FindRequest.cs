using GitOpsSecrets.GoTemplate.RegularExpressions;

namespace GitOpsSecrets.Providers;

/// <summary>What <c>dataFrom.find</c> asks for: each part that is there narrows the search.</summary>
/// <param name="Path">Where to search, in the store's own terms.</param>
/// <param name="Name">An unanchored RE2 expression over the full name; already known to compile.</param>
/// <param name="Tags">Tags that must all be there with these values.</param>
public sealed record FindRequest(string? Path, string? Name, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>For a store that has no paths: the name of the field, where it was given.</summary>
    internal IEnumerable<string> UnusedPath => string.IsNullOrEmpty(Path) ? [] : ["path"];

    /// <summary><see cref="Name"/>, to match with; null when it is absent.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: it does not compile.</exception>
    internal Re2? ParseName()
    {
        if (Name is null) return null;
        return Re2.TryParse(Name, out var pattern, out var problem) ? pattern : throw new ProviderException(ProviderFailureKind.Invalid, $"find.name.regexp: {problem}");
    }
}
