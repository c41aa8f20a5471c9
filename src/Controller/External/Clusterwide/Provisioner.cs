using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>Brings the objects of one kind, one a namespace, in line with what a cluster-wide object wants.</summary>
/// <param name="metadata">Of an object of the kind.</param>
/// <param name="with">The object with other metadata.</param>
/// <param name="owner">The kind of the cluster-wide object.</param>
/// <param name="find">The object of that name, as the caches show it.</param>
/// <param name="nameOf">What a cluster-wide object of that name calls its own; null when there is none.</param>
/// <param name="inTheWay">What is said of a namespace where somebody else has the name.</param>
internal sealed class Provisioner<T>(KubeClient kube, KubeKind<T> kind, Func<T, ObjectMeta> metadata, Func<T, ObjectMeta, T> with, string owner, Func<NamespacedName, T?> find, Func<string, string?> nameOf, string inTheWay)
    where T : class
{
    /// <summary>One namespace that refuses keeps no other from its own.</summary>
    /// <exception cref="KubeApiException">Somebody was quicker, and that is all that was in the way: it is to be decided again.</exception>
    public async Task<ProvisionOutcome> ProvisionAsync(Provision<T> wanted, CancellationToken cancellationToken)
    {
        var failed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var overtaken = new HashSet<string>(StringComparer.Ordinal);
        KubeApiException? again = null;
        foreach (var @namespace in wanted.Namespaces) await TryAsync(@namespace, () => BringInLineAsync(wanted, new NamespacedName(@namespace, wanted.Name), cancellationToken)).ConfigureAwait(false);
        foreach (var made in wanted.Made.Where(made => kind.Key(made).Name != wanted.Name || !wanted.Namespaces.Contains(kind.Key(made).Namespace)))
        {
            // A name that cannot be had costs no namespace what it has under the one before.
            var @namespace = kind.Key(made).Namespace;
            if (overtaken.Contains(@namespace) || (failed.ContainsKey(@namespace) && !IsExchange(wanted, @namespace))) continue;
            await TryAsync(@namespace, () => DeleteAsync(made, cancellationToken)).ConfigureAwait(false);
        }
        return failed.Count == 0 && again is not null ? throw again : new ProvisionOutcome([.. failed.Select(entry => new FailedNamespace { Namespace = entry.Key, Reason = entry.Value })], again);

        async Task TryAsync(string @namespace, Func<Task<string?>> act)
        {
            try
            {
                if (await act().ConfigureAwait(false) is { } reason) failed.TryAdd(@namespace, reason);
            }
            catch (KubeApiException refused)
            {
                if (refused.IsOvertaken) overtaken.Add(@namespace);
                else failed.TryAdd(@namespace, refused.Message);
                if (!refused.IsForbidden && !refused.IsInvalid && !refused.IsNotFound) again ??= refused;
            }
        }
    }

    /// <summary>Whether who has the name there waits, perhaps by way of others, for what this one gives up: then all would wait for ever.</summary>
    private bool IsExchange(Provision<T> wanted, string @namespace)
    {
        var passed = new HashSet<string>(StringComparer.Ordinal);
        for (var name = wanted.Name; passed.Add(name);)
        {
            if (find(new NamespacedName(@namespace, name)) is not { } held) return false;
            if (ProvisionMetadata.IsMadeBy(metadata(held), owner, wanted.Owner)) return name != wanted.Name;
            if (metadata(held).OwnerReferences?.FirstOrDefault(reference => reference.Controller == true) is not { } other
                || !ProvisionMetadata.IsMadeBy(metadata(held), owner, other.Name) || nameOf(other.Name) is not { } next) return false;
            name = next;
        }
        return false;
    }

    /// <returns>Why not.</returns>
    private async Task<string?> BringInLineAsync(Provision<T> wanted, NamespacedName key, CancellationToken cancellationToken)
    {
        var present = find(key);
        if (present is not null && !ProvisionMetadata.IsMadeBy(metadata(present), owner, wanted.Owner)) return inTheWay;
        var next = wanted.Next(key, present);
        if (ReferenceEquals(next, present)) return null;
        await OwnerBlocking.WriteAsync(
            next, Unblocked, item => present is null ? kube.CreateAsync(kind, item, cancellationToken) : kube.UpdateAsync(kind, item, cancellationToken)).ConfigureAwait(false);
        return null;
    }

    private T? Unblocked(T item) => OwnerBlocking.Without(metadata(item)) is { } other ? with(item, other) : null;

    private async Task<string?> DeleteAsync(T made, CancellationToken cancellationToken)
    {
        try
        {
            await kube.DeleteAsync(kind.Resource, kind.Key(made), new DeletePreconditions(metadata(made).Uid), cancellationToken).ConfigureAwait(false);
        }
        catch (KubeApiException gone) when (gone.IsNotFound || gone.IsConflict)
        {
            // Somebody was quicker.
        }
        return null;
    }
}
