using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Target;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;

namespace GitOpsSecrets.Controller.External;

/// <summary>
/// An ExternalSecret that is being deleted. We put no finalizer on any, since garbage collection does what is to be done; those that the original left are
/// honoured once and taken off, so that nothing hangs.
/// </summary>
internal sealed class ExternalRetirement(KubeClient kube, SecretWriter secrets)
{
    public async Task<ReconcileResult> RetireAsync(ExternalView seen, CancellationToken cancellationToken)
    {
        if (seen.Source.Metadata.Finalizers?.Contains(ExternalSecretNames.ExternalSecretFinalizer) != true) return ReconcileResult.Done;
        // A target of another kind goes by garbage collection, whoever put the finalizer there: it has an owner, or is nobody's to delete.
        if (!seen.IsGeneric && seen.DeletionPolicy == DeletionPolicy.Delete && await secrets.FindAsync(seen.Target, cancellationToken).ConfigureAwait(false) is { } secret
            && TargetPolicy.IsControlledBy(secret, seen.Key.Name))
        {
            await secrets.DeleteAsync(secret, cancellationToken).ConfigureAwait(false);
        }
        var rest = seen.Source.Metadata.Finalizers.Where(finalizer => finalizer != ExternalSecretNames.ExternalSecretFinalizer);
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = seen.Source.Metadata.ResourceVersion,
                ["finalizers"] = new JsonArray([.. rest.Select(finalizer => (JsonNode)finalizer)]),
            },
        };
        try
        {
            await kube.PatchAsync(ExternalKinds.ExternalSecrets, seen.Key, patch, cancellationToken).ConfigureAwait(false);
        }
        catch (KubeApiException gone) when (gone.IsNotFound)
        {
            // That is what it was for.
        }
        return ReconcileResult.Done;
    }
}
