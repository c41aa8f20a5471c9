using GitOpsSecrets.Sops.Keys;
using GitOpsSecrets.Sops.Values;

namespace GitOpsSecrets.Sops;

/// <summary>A SOPS file with its plaintext and data key, to read, edit or re-key. Dispose of it: that overwrites both.</summary>
public sealed class OpenSopsFile : IDisposable
{
    private readonly SopsFile _sealed;
    private readonly DataKey _dataKey;
    private readonly IvMemory _ivs;

    internal OpenSopsFile(SopsFile sealedFile, PlainFile plain, DataKey dataKey, IvMemory ivs, bool macVerified)
    {
        _sealed = sealedFile;
        Plain = plain;
        _dataKey = dataKey;
        _ivs = ivs;
        MacVerified = macVerified;
    }

    public PlainFile Plain { get; }

    /// <summary>False when it was opened with <see cref="MacCheck.Impossible"/>: then it must not be sealed anew, which would bless it.</summary>
    public bool MacVerified { get; }

    /// <summary>
    /// Encrypts an edited copy for the same keys, by the same rule. Values that did not change keep their bytes, so that a diff is small.
    /// </summary>
    /// <exception cref="SopsException">Rule or content, or <see cref="SopsFailure.Mac"/> when the MAC was not verified.</exception>
    public SopsFile Reseal(PlainFile edited, TimeProvider clock)
    {
        RequireVerified();
        return SopsFile.Seal(edited, _sealed.Metadata with { LastModifiedTime = GoTime.From(clock.GetUtcNow()) }, _dataKey, _ivs.Copy());
    }

    /// <summary>A new data key, wrapped for the file's keys anew, and new IVs: who once had the old data key can read nothing of the new file.</summary>
    /// <exception cref="SopsException"><see cref="SopsFailure.NoKey"/>: some key of the file cannot be encrypted to.</exception>
    public Task<SopsFile> RotateAsync(SopsKeyring keyring, TimeProvider clock, CancellationToken cancellationToken) =>
        RotateAsync(_sealed.Metadata.KeyGroups, _sealed.Metadata.ShamirThreshold, keyring, clock, cancellationToken);

    /// <summary>As the other, for another set of keys at the same time.</summary>
    public async Task<SopsFile> RotateAsync(IReadOnlyList<KeyGroup> groups, int threshold, SopsKeyring keyring, TimeProvider clock, CancellationToken cancellationToken)
    {
        RequireVerified();
        var options = new SealingOptions(groups, threshold, _sealed.Metadata.Rule, _sealed.Metadata.MacOnlyEncrypted);
        return await SopsFile.SealAsync(Plain, options, keyring, clock, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Wraps the same data key for another set of keys; values, MAC and its time stay as they are. A key that stays in a file of one group
    /// keeps its copy. Who was removed can still open older versions and knows the data key: rotate, and change the secrets.
    /// </summary>
    /// <param name="groups">The keys that the file shall have.</param>
    /// <param name="threshold">As in <see cref="SealingOptions"/>.</param>
    /// <param name="keyring">Knows the public keys of those that are new.</param>
    /// <param name="clock">For entries that record when they were made.</param>
    /// <param name="cancellationToken">Ends calls to key services.</param>
    public async Task<SopsFile> UpdateKeysAsync(IReadOnlyList<KeyGroup> groups, int threshold, SopsKeyring keyring, TimeProvider clock, CancellationToken cancellationToken)
    {
        var metadata = _sealed.Metadata;
        var now = GoTime.From(clock.GetUtcNow()).ToSeconds();
        if (groups.Count != 1 || metadata.KeyGroups.Count != 1)
        {
            threshold = groups.Count < 2 ? 0 : threshold == 0 ? groups.Count : threshold;
            var wrapped = await keyring.WrapAsync(_dataKey, groups, threshold, now, cancellationToken).ConfigureAwait(false);
            return _sealed.WithMetadata(metadata with { KeyGroups = wrapped, ShamirThreshold = threshold });
        }
        if (groups[0].Keys.Count == 0) throw new SopsException(SopsFailure.NoKey, "no keys to encrypt to");
        var keys = new List<MasterKey>();
        foreach (var key in groups[0].Keys)
        {
            var kept = metadata.KeyGroups[0].Keys.FirstOrDefault(k => k.IsSameKey(key) && k.Wrapped.Length > 0);
            keys.Add(kept ?? await keyring.WrapAsync(_dataKey, key, now, cancellationToken).ConfigureAwait(false));
        }
        return _sealed.WithMetadata(metadata with { KeyGroups = [new KeyGroup(keys)], ShamirThreshold = 0 });
    }

    public void Dispose()
    {
        Plain.Dispose();
        _dataKey.Dispose();
    }

    public override string ToString() => nameof(OpenSopsFile);

    private void RequireVerified()
    {
        if (!MacVerified) throw new SopsException(SopsFailure.Mac, "the MAC of the file was not verified; sealing it anew would vouch for whatever was done to it");
    }
}
