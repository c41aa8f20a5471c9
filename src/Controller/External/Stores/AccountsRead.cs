using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>
/// The service accounts that a store logs in with, as they were read. The controller may read one and watch none, as the role says; so they are looked at when the store is used, at most once in
/// <see cref="Between"/>.
/// </summary>
/// <param name="find">Reads one; null when it is gone.</param>
internal sealed class AccountsRead(Func<NamespacedName, CancellationToken, Task<PartialObjectMetadata?>> find, TimeProvider time)
{
    public static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    // Null: a token was asked for, which says nothing of the account.
    private readonly Dictionary<NamespacedName, PartialObjectMetadata?> accounts = [];
    private DateTimeOffset looked = time.GetUtcNow();

    public void Add(NamespacedName name, PartialObjectMetadata account)
    {
        lock (gate) accounts[name] = account;
    }

    public void AddUnseen(NamespacedName name)
    {
        lock (gate) accounts.TryAdd(name, null);
    }

    /// <summary>Whether one of them is gone, is another, or has other annotations. Who cannot be read is taken for the same.</summary>
    public async Task<bool> HaveChangedAsync(CancellationToken cancellationToken)
    {
        List<KeyValuePair<NamespacedName, PartialObjectMetadata?>> known;
        lock (gate)
        {
            if (accounts.Count == 0 || time.GetUtcNow() - looked < Between) return false;
            looked = time.GetUtcNow();
            known = [.. accounts];
        }
        foreach (var (name, before) in known)
        {
            try
            {
                if (await find(name, cancellationToken).ConfigureAwait(false) is not { } now || (before is not null && !AreSame(before, now))) return true;
                if (before is null) Add(name, now);
            }
            catch (ProviderException)
            {
                // Whether it has changed is not known; a login that needs it will tell.
            }
        }
        return false;
    }

    private static bool AreSame(PartialObjectMetadata one, PartialObjectMetadata other) =>
        one.Uid == other.Uid && one.Annotations.OrderBy(pair => pair.Key, StringComparer.Ordinal).SequenceEqual(other.Annotations.OrderBy(pair => pair.Key, StringComparer.Ordinal));
}
