using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Keys;
using GitOpsSecrets.Sops.Metadata;
using GitOpsSecrets.Sops.Rules;
using GitOpsSecrets.Sops.Sealing;
using GitOpsSecrets.Sops.Values;

namespace GitOpsSecrets.Sops;

/// <summary>
/// A file encrypted by SOPS. Opening gives an <see cref="OpenSopsFile"/>, through which a file is also edited and re-keyed.
/// What the format does not protect, by design: anyone with the public keys can write a whole new valid file; the type tag of a value, the
/// names of clear keys, where one clear value ends and the next begins, and additions of null or empty values are not authenticated; with <c>mac_only_encrypted</c> no clear value is.
/// </summary>
public sealed class SopsFile
{
    private readonly SealedTree _tree;

    internal SopsFile(SopsFormat format, SealedTree tree, SopsMetadata metadata)
    {
        Format = format;
        _tree = tree;
        Metadata = metadata;
    }

    public SopsFormat Format { get; }

    public SopsMetadata Metadata { get; }

    /// <summary>The documents without metadata, their values still encrypted.</summary>
    public IReadOnlyList<MapNode> Documents => _tree.Documents;

    /// <exception cref="SopsException">Malformed, limit, metadata, rule, or <see cref="SopsFailure.NotSealed"/>.</exception>
    public static SopsFile Parse(ReadOnlySpan<byte> file, SopsFormat format, SopsLimits? limits = null)
    {
        limits ??= SopsLimits.Default;
        var tree = DocumentFormats.Of(format).ReadSealed(file, limits);
        return new SopsFile(format, tree, MetadataReader.Read(tree.Metadata, limits));
    }

    /// <summary>Encrypts a file with a new data key.</summary>
    /// <param name="plain">What to encrypt. Not changed.</param>
    /// <param name="options">To whom and which values.</param>
    /// <param name="keyring">Knows the public keys.</param>
    /// <param name="clock">For the time of the change.</param>
    /// <param name="cancellationToken">Ends calls to key services.</param>
    /// <exception cref="SopsException">No key, metadata, rule or content.</exception>
    public static async Task<SopsFile> SealAsync(PlainFile plain, SealingOptions options, SopsKeyring keyring, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var dataKey = DataKey.Generate();
        var now = GoTime.From(clock.GetUtcNow());
        var threshold = options.KeyGroups.Count < 2 ? 0 : options.ShamirThreshold == 0 ? options.KeyGroups.Count : options.ShamirThreshold;
        var groups = await keyring.WrapAsync(dataKey, options.KeyGroups, threshold, now.ToSeconds(), cancellationToken).ConfigureAwait(false);
        var metadata = new SopsMetadata(groups, now)
        {
            ShamirThreshold = threshold,
            // Bytes as a whole are one value: a rule could only leave it clear.
            Rule = plain.Format == SopsFormat.Binary ? SelectionRule.Default : options.Rule ?? SelectionRule.Default,
            MacOnlyEncrypted = options.MacOnlyEncrypted,
        };
        return Seal(plain, metadata, dataKey, new IvMemory(dataKey));
    }

    /// <summary>The places of values that the file's own rule wants encrypted, but that somebody wrote in clear. No key is needed.</summary>
    public IReadOnlyList<string> FindValuesInClear()
    {
        var walk = new ClearLeafWalk(Format == SopsFormat.Binary ? SelectionRule.Default : Metadata.Rule);
        foreach (var document in _tree.Documents) walk.Walk(document);
        return walk.Places;
    }

    /// <summary>The file's text. It is read once more before it is given back, so that nobody replaces a file by one that does not open.</summary>
    /// <param name="layout">How it is written.</param>
    /// <param name="limits">Those of whoever will read it.</param>
    /// <exception cref="SopsException">The format cannot hold it, or it would be beyond the limits.</exception>
    public byte[] ToBytes(SopsLayout? layout = null, SopsLimits? limits = null)
    {
        var bytes = DocumentFormats.Of(Format).WriteSealed(_tree, layout ?? SopsLayout.Default);
        RequireReadable(bytes, limits);
        return bytes;
    }

    /// <summary>Decrypts all values and checks the MAC.</summary>
    /// <exception cref="SopsException">No key, data key, value, plaintext, MAC.</exception>
    public async Task<OpenSopsFile> OpenAsync(SopsKeyring keyring, MacCheck macCheck, SopsLimits? limits, CancellationToken cancellationToken)
    {
        var dataKey = await keyring.OpenAsync(Metadata.KeyGroups, Metadata.ShamirThreshold, limits ?? SopsLimits.Default, cancellationToken).ConfigureAwait(false);
        try
        {
            return Open(dataKey, macCheck);
        }
        catch
        {
            dataKey.Dispose();
            throw;
        }
    }

    /// <summary>Encrypts under an existing data key. The metadata's keys must wrap that key.</summary>
    internal static SopsFile Seal(PlainFile plain, SopsMetadata metadata, DataKey dataKey, IvMemory ivs)
    {
        if (plain.Documents.Any(DocumentFormats.Of(plain.Format).HasMetadata)) throw MetadataBlock.Unexpected();
        var cipher = new ValueCipher(dataKey);
        using var mac = new DocumentMac(metadata.MacOnlyEncrypted);
        var walk = new SealingWalk(metadata.Rule, cipher, mac, ivs, plain.Format);
        var documents = plain.Documents.Select(walk.Walk).ToList();
        var path = metadata.LastModifiedTime.ToSeconds();
        var macValue = cipher.Seal(mac.Finish(), path, "str", RandomNumberGenerator.GetBytes(SealedValue.IvSize));
        metadata = metadata with { Mac = macValue.ToString(), Version = MetadataWriter.OwnVersion };
        return new SopsFile(plain.Format, new SealedTree(documents, MetadataWriter.Write(metadata)), metadata);
    }

    /// <summary>The same values under changed metadata that keeps data key, rule and MAC.</summary>
    internal SopsFile WithMetadata(SopsMetadata metadata) => new(Format, _tree with { Metadata = MetadataWriter.Write(metadata) }, metadata);

    private OpenSopsFile Open(DataKey dataKey, MacCheck macCheck)
    {
        var cipher = new ValueCipher(dataKey);
        var ivs = new IvMemory(dataKey);
        using var mac = new DocumentMac(Metadata.MacOnlyEncrypted);
        var walk = new OpeningWalk(Format == SopsFormat.Binary ? SelectionRule.Default : Metadata.Rule, cipher, mac, ivs);
        try
        {
            var documents = _tree.Documents.Select(walk.Walk).ToList();
            if (macCheck == MacCheck.Required) RequireMac(cipher, mac.Finish());
            return new OpenSopsFile(this, new PlainFile(Format, documents), dataKey, ivs, macCheck == MacCheck.Required);
        }
        catch
        {
            walk.Clear();
            throw;
        }
    }

    private void RequireReadable(byte[] bytes, SopsLimits? limits)
    {
        SopsFile again;
        try
        {
            again = Parse(bytes, Format, limits);
        }
        catch (SopsException failure)
        {
            throw new SopsException(failure.Failure, $"encrypted, it could not be read again: {failure.Message}", failure);
        }
        if (again.Metadata.Mac != Metadata.Mac || !Leaves(again).SequenceEqual(Leaves(this)))
            throw new SopsException(SopsFailure.Content, "encrypted, it would read as something else: this format cannot hold one of its keys or values");
    }

    private static IEnumerable<(string Place, string Text)> Leaves(SopsFile file) =>
        file.Documents.SelectMany(DocumentLeaves.Of).Select(leaf => (leaf.Place, leaf.Value.GetText()));

    private void RequireMac(ValueCipher cipher, byte[] computed)
    {
        if (Metadata.Mac.Length == 0) throw new SopsException(SopsFailure.Mac, "sops.mac: missing or empty");
        var stored = SealedValue.Parse(Encoding.UTF8.GetBytes(Metadata.Mac)) is { Type: "str" } value ? cipher.Open(value, Metadata.LastModified) : null;
        if (stored is null) throw new SopsException(SopsFailure.Mac, "sops.mac: cannot be opened; it or sops.lastmodified was changed");
        if (!CryptographicOperations.FixedTimeEquals(stored, computed)) throw new SopsException(SopsFailure.Mac, "sops.mac: does not fit; values were changed, added, removed or reordered");
    }
}
