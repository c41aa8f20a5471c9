using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.States;

/// <summary>
/// A GeneratorState's life.
/// <code>
///  made ──replaced──▶ has a deadline ──time──▶ deleted ──taken back at the service──▶ finalizer off, gone
///    └───────────────── its object is deleted ──▲
/// </code>
/// </summary>
internal sealed class StateReconciler(StateCaches caches, KubeClient kube, GeneratorRunner generators, TimeProvider time) : IReconciler
{
    private const string CouldNotTakeBack = "CleanupFailed";

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (caches.Find(key) is not { } state) return ReconcileResult.Done;
        if (state.Metadata.DeletionTimestamp is not null) return await TakeBackAsync(key, state, cancellationToken).ConfigureAwait(false);
        if (ExternalStatus.Parse(state.Spec.GarbageCollectionDeadline) is not { } deadline) return ReconcileResult.Done;
        var left = deadline - time.GetUtcNow();
        if (left > TimeSpan.Zero) return new ReconcileResult(left);
        try
        {
            await kube.DeleteAsync(ExternalKinds.GeneratorStates.Resource, key, new DeletePreconditions(state.Metadata.Uid), cancellationToken).ConfigureAwait(false);
        }
        catch (KubeApiException gone) when (gone.IsNotFound || gone.IsConflict)
        {
            // Somebody was quicker.
        }
        return ReconcileResult.Done;
    }

    private async Task TellAsync(NamespacedName key, GeneratorState state, string cause, CancellationToken cancellationToken)
    {
        var condition = new Condition { Type = Condition.Ready, Status = "False", Reason = CouldNotTakeBack, Message = cause };
        var told = state.Status?.Conditions?.FirstOrDefault(known => known.Type == condition.Type);
        if (told is not null && told with { LastTransitionTime = null } == condition) return;
        condition = ConditionTime.Of(condition, state.Status?.Conditions, ExternalStatus.Format(time.GetUtcNow()));
        await PatchAsync(key, new() { ["status"] = JsonSerializer.SerializeToNode(new GeneratorStateStatus { Conditions = [condition] }, ApiJson.Compact.GeneratorStateStatus) }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Whatever is in the way, it is tried again, later and later: the Secret to log in with may be on its way out together with all else, and come back. Until then the
    /// object stays, and shows that something is left; who takes its finalizer off gives that up.
    /// </summary>
    private async Task<ReconcileResult> TakeBackAsync(NamespacedName key, GeneratorState state, CancellationToken cancellationToken)
    {
        if (state.Metadata.Finalizers?.Contains(ExternalSecretNames.GeneratorStateFinalizer) != true) return ReconcileResult.Done;
        if (state.Spec is { Resource: { } resource, State: { } left })
        {
            try
            {
                await generators.CleanUpAsync(resource, left, key.Namespace, cancellationToken).ConfigureAwait(false);
            }
            catch (ProviderException failure)
            {
                await TellAsync(key, state, failure.Message, cancellationToken).ConfigureAwait(false);
                throw;
            }
            catch (Exception failure) when (InternalError.Is(failure, cancellationToken))
            {
                await TellAsync(key, state, InternalError.Describe(failure), cancellationToken).ConfigureAwait(false);
                throw;
            }
        }
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = state.Metadata.ResourceVersion,
                ["finalizers"] = new JsonArray([.. state.Metadata.Finalizers.Where(finalizer => finalizer != ExternalSecretNames.GeneratorStateFinalizer).Select(finalizer => (JsonNode)finalizer)]),
            },
        };
        await PatchAsync(key, patch, cancellationToken).ConfigureAwait(false);
        return ReconcileResult.Done;
    }

    private async Task PatchAsync(NamespacedName key, JsonObject patch, CancellationToken cancellationToken)
    {
        try
        {
            await kube.PatchAsync(ExternalKinds.GeneratorStates, key, patch, cancellationToken).ConfigureAwait(false);
        }
        catch (KubeApiException gone) when (gone.IsNotFound)
        {
            // That is what it was for.
        }
    }
}
