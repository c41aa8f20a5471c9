using System.Security.Cryptography;
using GitOpsSecrets.Sops.Shamir;
using GitOpsSecrets.Sops.Values;

namespace GitOpsSecrets.Sops.Keys;

/// <summary>Everything at hand that wraps and unwraps data keys, in the order in which it is tried.</summary>
/// <param name="sources">At most one a kind counts; the first.</param>
public sealed class SopsKeyring(IReadOnlyList<IDataKeySource> sources)
{
    /// <param name="groups">One group wraps the data key itself; of several, each wraps a share.</param>
    /// <param name="threshold">Shares needed; used with several groups.</param>
    /// <param name="limits">Bounds on each entry.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    internal async Task<DataKey> OpenAsync(IReadOnlyList<KeyGroup> groups, int threshold, SopsLimits limits, CancellationToken cancellationToken)
    {
        var opened = new List<byte[]>();
        try
        {
            var problems = new List<SopsException>();
            for (var i = 0; i < groups.Count; i++)
            {
                if (await UnwrapAsync(groups[i], limits, problems, cancellationToken).ConfigureAwait(false) is { } secret) opened.Add(secret);
            }
            if (groups.Count > 1) return Combine(opened, Math.Max(2, threshold), groups.Count, problems);
            if (opened.Count == 0) throw NoKey("no key that was offered opens the data key", problems);
            return opened[0].Length == DataKey.Size ? new DataKey(opened[0]) : throw new SopsException(SopsFailure.DataKey, "the data key does not have 32 bytes");
        }
        finally
        {
            foreach (var secret in opened) CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Wraps a data key for all keys of all groups.</summary>
    internal async Task<IReadOnlyList<KeyGroup>> WrapAsync(DataKey dataKey, IReadOnlyList<KeyGroup> groups, int threshold, string createdAt, CancellationToken cancellationToken)
    {
        if (groups.Count == 0 || groups.Any(g => g.Keys.Count == 0)) throw new SopsException(SopsFailure.NoKey, "no keys to encrypt to, or a key group is empty");
        var secrets = groups.Count == 1 ? [dataKey.Bytes.ToArray()] : ShamirSharing.Split(dataKey.Bytes, groups.Count, threshold);
        try
        {
            var result = new List<KeyGroup>();
            for (var i = 0; i < groups.Count; i++)
            {
                var keys = new List<MasterKey>();
                foreach (var key in groups[i].Keys)
                {
                    keys.Add(await SourceOf(key).WrapAsync(key, secrets[i], createdAt, cancellationToken).ConfigureAwait(false));
                }
                result.Add(new KeyGroup(keys));
            }
            return result;
        }
        finally
        {
            foreach (var secret in secrets) CryptographicOperations.ZeroMemory(secret);
        }
    }

    internal ValueTask<MasterKey> WrapAsync(DataKey dataKey, MasterKey key, string createdAt, CancellationToken cancellationToken) =>
        SourceOf(key).WrapAsync(key, dataKey.Bytes.ToArray(), createdAt, cancellationToken);

    private IDataKeySource SourceOf(MasterKey key) =>
        sources.FirstOrDefault(s => s.Kind == key.Kind) ?? throw new SopsException(SopsFailure.NoKey, $"{key}: keys of this kind cannot be encrypted to here");

    private async Task<byte[]?> UnwrapAsync(KeyGroup group, SopsLimits limits, List<SopsException> problems, CancellationToken cancellationToken)
    {
        foreach (var source in sources)
        {
            foreach (var key in group.Keys.Where(k => k.Kind == source.Kind))
            {
                try
                {
                    if (await source.UnwrapAsync(key, limits, cancellationToken).ConfigureAwait(false) is { } secret) return secret;
                }
                catch (SopsException failure) when (failure.Failure is SopsFailure.DataKey or SopsFailure.Unavailable)
                {
                    // Another entry may open; this one is told about only if none does.
                    problems.Add(failure);
                }
            }
        }
        return null;
    }

    private static DataKey Combine(List<byte[]> shares, int threshold, int groups, List<SopsException> problems)
    {
        if (shares.Count < threshold) throw NoKey($"only {shares.Count} of {groups} key groups opened, {threshold} are needed", problems);
        var secret = ShamirSharing.Combine(shares);
        try
        {
            return secret.Length == DataKey.Size ? new DataKey(secret) : throw new SopsException(SopsFailure.DataKey, "the combined data key does not have 32 bytes");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>What did not answer may have been the one that opens: that is not the end of it.</summary>
    private static SopsException NoKey(string problem, List<SopsException> problems) => new(
        problems.Exists(found => found.Failure == SopsFailure.Unavailable) ? SopsFailure.Unavailable : SopsFailure.NoKey,
        problems.Count == 0 ? problem : $"{problem} ({string.Join("; ", problems.Select(found => found.Message))})");
}
