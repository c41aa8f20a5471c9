using GitOpsSecrets.Sops.Keys;
using GitOpsSecrets.Sops.Rules;
using GitOpsSecrets.Sops.Values;

namespace GitOpsSecrets.Sops.Metadata;

/// <summary>The <c>sops</c> block: who can open the file, which of its values are encrypted, and its MAC.</summary>
public sealed record SopsMetadata
{
    internal SopsMetadata(IReadOnlyList<KeyGroup> keyGroups, GoTime lastModified)
    {
        KeyGroups = keyGroups;
        LastModifiedTime = lastModified;
    }

    public IReadOnlyList<KeyGroup> KeyGroups { get; internal init; }

    /// <summary>Key groups needed to open; 0 when there is one.</summary>
    public int ShamirThreshold { get; internal init; }

    public SelectionRule Rule { get; internal init; } = SelectionRule.Default;

    public bool MacOnlyEncrypted { get; internal init; }

    /// <summary>Version of the SOPS format that the writer claims.</summary>
    public string Version { get; internal init; } = MetadataWriter.OwnVersion;

    /// <summary>RFC 3339.</summary>
    public string LastModified => LastModifiedTime.ToSeconds();

    /// <summary>Whether some recipients are post-quantum and others are not: whoever recorded the file needs to break the weaker only.</summary>
    public bool MixesPostQuantum
    {
        get
        {
            var all = KeyGroups.SelectMany(g => g.Keys).ToList();
            var hybrid = all.Count(k => k.Kind == MasterKeyKind.Age && k.Identifier.StartsWith("age1pq1", StringComparison.Ordinal));
            return hybrid > 0 && hybrid < all.Count;
        }
    }

    internal GoTime LastModifiedTime { get; init; }

    internal string Mac { get; init; } = "";
}
