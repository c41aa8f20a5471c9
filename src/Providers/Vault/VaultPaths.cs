namespace GitOpsSecrets.Providers.Vault;

/// <summary>
/// Where a key lies in Vault's HTTP API: pure. Keys are tenants' input, so a segment that would climb (<c>..</c>) is refused and everything else
/// is escaped; what is built can never leave the mount it begins with.
/// </summary>
internal sealed class VaultPaths
{
    private const string Data = "data";
    private const string Metadata = "metadata";
    private readonly string? mount;

    private VaultPaths(string? mount, bool isVersioned) => (this.mount, IsVersioned) = (mount, isVersioned);

    /// <summary>Whether the engine is KV version 2, which keeps versions and metadata.</summary>
    public bool IsVersioned { get; }

    /// <param name="mount">The store's <c>path</c>; null or empty when keys begin with the mount themselves.</param>
    /// <param name="version">The store's <c>version</c>: <c>v1</c>, <c>v2</c> or absent, which is <c>v2</c>.</param>
    public static VaultPaths Of(string? mount, string? version)
        => new(string.IsNullOrEmpty(mount) ? null : mount.Trim('/'), version is null or "" or "v2");

    /// <summary>The path of a secret's value.</summary>
    /// <exception cref="ProviderException">The key cannot be one.</exception>
    public string Value(string key) => Escape(IsVersioned ? Versioned(key, Data) : mount is null ? key : $"{mount}/{Inner(key)}", key);

    /// <summary>The path of a secret's metadata; version 2 only.</summary>
    /// <exception cref="ProviderException">The key cannot be one.</exception>
    public string About(string key) => Escape(Versioned(key, Metadata), key);

    /// <summary>The path that lists what lies below a folder; an empty folder is the mount's root.</summary>
    /// <exception cref="ProviderException">The folder cannot be one.</exception>
    public string Folder(string folder)
    {
        var trimmed = folder.Trim('/');
        var root = mount ?? throw new ProviderException(ProviderFailureKind.Invalid, "a search needs the store's spec.provider.vault.path, the mount to search in");
        return Escape(string.Join('/', new[] { root, IsVersioned ? Metadata : "", trimmed }.Where(part => part.Length > 0)), folder) + "/";
    }

    /// <summary>
    /// A key as searches have it: without the mount that it may repeat and, behind that, <c>data/</c>, as some manifests have it. By itself <c>data/</c> is a
    /// folder like any other.
    /// </summary>
    public string Inner(string key)
    {
        if (mount is null || !key.StartsWith(mount + "/", StringComparison.Ordinal)) return key;
        var inner = key[(mount.Length + 1)..];
        return IsVersioned && inner.StartsWith(Data + "/", StringComparison.Ordinal) ? inner[(Data.Length + 1)..] : inner;
    }

    /// <summary>The key that leads to what a search found: a name in the mount that looks as if it repeated it would be taken for another.</summary>
    public string KeyOf(string inner) => Inner(inner) == inner ? inner : IsVersioned ? $"{mount}/{Data}/{inner}" : $"{mount}/{inner}";

    /// <summary>A path of any engine, as it is.</summary>
    /// <exception cref="ProviderException">It cannot be one.</exception>
    public static string Plain(string path) => Escape(path, path);

    // Without a mount, that is what stands before "/data/", or the first segment.
    private string Versioned(string key, string kind)
    {
        if (mount is not null) return $"{mount}/{kind}/{Inner(key)}";
        var marked = key.IndexOf($"/{Data}/", StringComparison.Ordinal);
        if (marked >= 0) return $"{key[..marked]}/{kind}/{key[(marked + Data.Length + 2)..]}";
        var first = key.IndexOf('/', StringComparison.Ordinal);
        return first < 0 ? $"{key}/{kind}" : $"{key[..first]}/{kind}/{key[(first + 1)..]}";
    }

    private static string Escape(string path, string key)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Any(segment => segment is "." or ".."))
            throw new ProviderException(ProviderFailureKind.Invalid, $"key \"{key}\" has a segment \".\" or \"..\", which no path in Vault may have");
        return string.Join('/', segments.Select(Uri.EscapeDataString));
    }
}
