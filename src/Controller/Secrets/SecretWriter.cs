using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Secrets;

/// <summary>
/// The only code that writes a Secret. A whole object goes out in one request, bound to the version that was read, so
/// that an item that goes and an item that comes change together and no edit of somebody else is lost. Plain create and
/// update under our field manager, and not apply: clusters that run Sealed Secrets grant no <c>patch</c> on Secrets, an
/// apply would merge into a Secret that appeared a moment ago, and it leaves behind what other field managers own
/// (docs/design/0006-secrets-are-replaced-not-applied.md).
/// </summary>
internal sealed class SecretWriter(KubeClient kube, Metrics metrics)
{
    /// <returns><c>null</c> when there is none.</returns>
    /// <exception cref="KubeApiException">The API server refused.</exception>
    public Task<Secret?> FindAsync(NamespacedName key, CancellationToken cancellationToken) => kube.FindAsync(ClusterKinds.Secrets, key, cancellationToken);

    /// <returns>The Secret as stored; <c>null</c> when there was nothing to write.</returns>
    /// <exception cref="KubeApiException">Also when the Secret is no longer what the decision was made on.</exception>
    public async Task<Secret?> WriteAsync(WriteDecision decision, CancellationToken cancellationToken, string fieldManager = WritePolicy.FieldManager) => decision.Action switch
    {
        WriteAction.Create => await CreateAsync(decision.Secret!, cancellationToken, fieldManager).ConfigureAwait(false),
        WriteAction.Update => await UpdateAsync(decision.Secret!, fieldManager, cancellationToken).ConfigureAwait(false),
        _ => null,
    };

    /// <exception cref="KubeApiException">Also when there is one by now.</exception>
    public async Task<Secret> CreateAsync(Secret secret, CancellationToken cancellationToken, string fieldManager = WritePolicy.FieldManager)
    {
        var created = await OwnerBlocking.WriteAsync(Creatable(secret), Unblocked, item => kube.CreateAsync(ClusterKinds.Secrets, item, cancellationToken, fieldManager)).ConfigureAwait(false);
        metrics.SecretWrites.WithLabels("create").Inc();
        return created;
    }

    /// <summary>Deletes the very Secret that was read, not one that took its name since.</summary>
    public async Task DeleteAsync(Secret secret, CancellationToken cancellationToken)
    {
        var preconditions = new DeletePreconditions(secret.Metadata.Uid, secret.Metadata.ResourceVersion);
        await kube.DeleteAsync(ClusterKinds.SecretResource, ClusterKinds.Secrets.Key(secret), preconditions, cancellationToken).ConfigureAwait(false);
        metrics.SecretWrites.WithLabels("delete").Inc();
    }

    /// <summary>
    /// Another Secret under the same name, where an update is not allowed. The old one goes only when the API server has said that it would take the new one (asked under a name of
    /// its own making: the right one is taken), and comes back if it then does not.
    /// </summary>
    /// <exception cref="KubeApiException">Refused; the old one is there.</exception>
    /// <exception cref="SecretLostException">Neither is there.</exception>
    public async Task<Secret> ReplaceAsync(Secret existing, Secret wanted, CancellationToken cancellationToken, string fieldManager = WritePolicy.FieldManager)
    {
        var trial = Creatable(wanted with { Metadata = wanted.Metadata with { Name = null, GenerateName = wanted.Metadata.Name + "-" } });
        await OwnerBlocking.WriteAsync(trial, Unblocked, item => kube.TryCreateAsync(ClusterKinds.Secrets, item, cancellationToken, fieldManager)).ConfigureAwait(false);
        await DeleteAsync(existing, cancellationToken).ConfigureAwait(false);
        try
        {
            // From here on nobody who stops us may leave the name empty.
            return await CreateAsync(wanted, CancellationToken.None, fieldManager).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is KubeApiException or KubeTransportException)
        {
            await PutBackAsync(existing, refused, fieldManager).ConfigureAwait(false);
            throw;
        }
    }

    private async Task PutBackAsync(Secret old, Exception cause, string fieldManager)
    {
        try
        {
            await CreateAsync(old, CancellationToken.None, fieldManager).ConfigureAwait(false);
        }
        catch (KubeApiException refused) when (refused.IsAlreadyExists)
        {
            // The answer was lost, not the request; or somebody else was there first.
        }
        catch (Exception failure) when (failure is KubeApiException or KubeTransportException)
        {
            throw new SecretLostException(cause);
        }
    }

    private async Task<Secret> UpdateAsync(Secret secret, string fieldManager, CancellationToken cancellationToken)
    {
        var updated = await OwnerBlocking.WriteAsync(secret, Unblocked, item => kube.UpdateAsync(ClusterKinds.Secrets, item, cancellationToken, fieldManager)).ConfigureAwait(false);
        metrics.SecretWrites.WithLabels("update").Inc();
        return updated;
    }

    private static Secret? Unblocked(Secret secret) => OwnerBlocking.Without(secret.Metadata) is { } metadata ? secret with { Metadata = metadata } : null;

    /// <summary>Without what only the API server sets: in a template it would make every creation fail.</summary>
    private static Secret Creatable(Secret secret) => secret with
    {
        Metadata = new ObjectMeta
        {
            Name = secret.Metadata.Name,
            GenerateName = secret.Metadata.Name is null ? secret.Metadata.GenerateName : null,
            Namespace = secret.Metadata.Namespace,
            Labels = secret.Metadata.Labels,
            Annotations = secret.Metadata.Annotations,
            OwnerReferences = secret.Metadata.OwnerReferences,
            Finalizers = secret.Metadata.Finalizers,
        },
    };
}
