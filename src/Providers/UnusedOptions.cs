namespace GitOpsSecrets.Providers;

/// <summary>Which options of a store or a generator have no effect, by their paths in the manifest: it works without them, and its author is told.</summary>
internal static class UnusedOptions
{
    /// <summary>Of fields of which the first that is there counts, such as ways to log in, all others that are there.</summary>
    public static IEnumerable<string> Besides(params IEnumerable<(string Path, object? Value)> inOrder) => Given(inOrder).Skip(1);

    /// <summary>Those that are there; what is empty is not.</summary>
    public static IEnumerable<string> Given(params IEnumerable<(string Path, object? Value)> fields) => from field in fields where field.Value is not (null or "") select field.Path;

    /// <summary>A bundle goes before a provider.</summary>
    /// <inheritdoc cref="Namespace"/>
    public static IEnumerable<string> Authorities(string path, string? bundle, Api.CaProvider? provider, string? own = null) =>
        [.. Besides((path + ".caBundle", bundle), (path + ".caProvider", provider)), .. string.IsNullOrEmpty(bundle) ? Namespace(path + ".caProvider", provider?.Namespace, own) : []];

    /// <summary>Where all is read in one namespace, so that nothing is lent that its user may not read, another.</summary>
    /// <param name="own">That namespace; null where selectors have a say.</param>
    public static IEnumerable<string> Namespace(string path, string? given, string? own) => own is null || given == own ? [] : Given((path + ".namespace", given));
}
