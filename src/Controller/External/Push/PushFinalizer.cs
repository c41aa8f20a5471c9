using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>The finalizer of PushSecrets whose values are to be deleted with them: the original's, so that either controller can go on where the other stopped.</summary>
internal sealed class PushFinalizer(KubeClient kube, PushLedger ledger)
{
    public static bool IsOn(PushSecret source) => source.Metadata.Finalizers?.Contains(ExternalSecretNames.PushSecretFinalizer) == true;

    /// <summary>There with deletionPolicy Delete, and not otherwise.</summary>
    public Task<PushSecret> AlignAsync(PushSecret source, CancellationToken cancellationToken)
    {
        var wanted = source.Spec.EffectiveDeletionPolicy == PushSecretSpec.Delete;
        if (wanted == IsOn(source)) return Task.FromResult(source);
        return wanted ? PatchAsync(source, [.. source.Metadata.Finalizers ?? [], ExternalSecretNames.PushSecretFinalizer], cancellationToken) : PatchAsync(source, Rest(source.Metadata), cancellationToken);
    }

    public async Task RemoveAsync(PushSecret source, CancellationToken cancellationToken)
    {
        try
        {
            await PatchAsync(source, Rest(source.Metadata), cancellationToken).ConfigureAwait(false);
        }
        catch (KubeApiException gone) when (gone.IsNotFound)
        {
            // That is what it was for.
        }
    }

    private async Task<PushSecret> PatchAsync(PushSecret source, IReadOnlyList<string> finalizers, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = source.Metadata.ResourceVersion,
                ["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => (JsonNode)finalizer)]),
            },
        };
        var key = ExternalKinds.PushSecrets.Key(source);
        var patched = ExternalKinds.Trim(await kube.PatchAsync(ExternalKinds.PushSecrets, key, patch, cancellationToken).ConfigureAwait(false));
        ledger.Written(key, patched);
        return patched;
    }

    private static List<string> Rest(ObjectMeta metadata) => [.. (metadata.Finalizers ?? []).Where(finalizer => finalizer != ExternalSecretNames.PushSecretFinalizer)];
}
