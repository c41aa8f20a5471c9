namespace GitOpsSecrets.Providers;

/// <summary>What <c>dataFrom.find</c> asks for: each part that is there narrows the search.</summary>
/// <param name="Path">Where to search, in the store's own terms.</param>
/// <param name="Name">An unanchored RE2 expression over the full name; already known to compile.</param>
/// <param name="Tags">Tags that must all be there with these values.</param>
public sealed record FindRequest(string? Path, string? Name, IReadOnlyDictionary<string, string> Tags);
