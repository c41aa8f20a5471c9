using System.Globalization;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;

namespace GitOpsSecrets.Controller.Restarts;

/// <summary>
/// Restarts what uses a Secret, or a ConfigMap, whose items were just changed, where its source asks for that: as <c>kubectl rollout restart</c> does, by the same annotation
/// on the pod template. Called once after each write, with what was there before; so a Secret that is made, or written again with the same items, restarts
/// nothing, and neither does a start of the controller, which writes nothing. One that ends between the write and this loses the restart rather than doing
/// it twice. What cannot be restarted is told as an event, and never fails the pass: the Secret is right.
/// </summary>
internal sealed class WorkloadRestarter(KubeClient kube, EventRecorder events, TimeProvider time)
{
    public const string EventRestarted = "Restarted";
    public const string EventFailed = "RestartFailed";
    private const string RestartedAt = "kubectl.kubernetes.io/restartedAt";
    private static readonly IReadOnlyList<WorkloadKind> Kinds = [WorkloadKind.Deployment, WorkloadKind.StatefulSet, WorkloadKind.DaemonSet];

    /// <param name="source">The SealedSecret, ExternalSecret or SopsSecret.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="before">The Secret as it was; null when there was none.</param>
    /// <param name="after">As it is now; null when nothing was written.</param>
    public async Task AfterWriteAsync(EventSubject source, ObjectMeta metadata, Secret? before, Secret? after, CancellationToken cancellationToken)
    {
        if (before is null || after is null || SameItems(before, after)) return;
        await AfterChangeAsync(source, metadata, ChangedObject.Secret(after.Metadata.Namespace ?? "", after.Metadata.Name ?? ""), cancellationToken).ConfigureAwait(false);
    }

    /// <param name="source">The object that says what is to be restarted.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="changed">What it had changed.</param>
    public async Task AfterChangeAsync(EventSubject source, ObjectMeta metadata, ChangedObject changed, CancellationToken cancellationToken)
    {
        if (RestartRequest.Of(metadata) is not { } request) return;
        foreach (var odd in request.Odd) events.Record(source, EventType.Warning, EventFailed, $"{RestartRequest.Annotation}: \"{odd}\" is neither users nor Deployment/NAME, StatefulSet/NAME or DaemonSet/NAME");
        var users = request.Users ? await UsersAsync(source, changed, cancellationToken).ConfigureAwait(false) : [];
        foreach (var workload in request.Named.Concat(users).Distinct()) await RestartAsync(source, changed, workload, cancellationToken).ConfigureAwait(false);
    }

    private async Task<List<Workload>> UsersAsync(EventSubject source, ChangedObject changed, CancellationToken cancellationToken)
    {
        var users = new List<Workload>();
        if (changed.IsUsedBy is not { } isUsedBy)
        {
            events.Record(source, EventType.Warning, EventFailed, $"{RestartRequest.Annotation}: only Secrets and ConfigMaps have users that are known; name the workloads");
            return users;
        }
        foreach (var kind in Kinds)
        {
            try
            {
                var listed = await kube.ListAsync(KubeKind.Untyped(Workload.Resource(kind)), new ListQuery { Namespace = changed.Namespace }, cancellationToken).ConfigureAwait(false);
                users.AddRange(listed.Where(isUsedBy).Select(item => new Workload(kind, item["metadata"]!["name"]!.GetValue<string>())));
            }
            catch (Exception failure) when (failure is KubeApiException or KubeTransportException)
            {
                Tell(source, $"the users of {changed.Name} among {Workload.Resource(kind).Plural} cannot be found", failure);
            }
        }
        return users;
    }

    private async Task RestartAsync(EventSubject source, ChangedObject changed, Workload workload, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var patch = new JsonObject
        {
            ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [RestartedAt] = now } } } },
        };
        try
        {
            await kube.PatchAsync(KubeKind.Untyped(Workload.Resource(workload.Kind)), new NamespacedName(changed.Namespace, workload.Name), patch, cancellationToken, fieldManager: WritePolicy.FieldManager).ConfigureAwait(false);
            events.Record(source, EventType.Normal, EventRestarted, $"{workload} restarted, as {changed.Name} changed");
        }
        catch (Exception failure) when (failure is KubeApiException or KubeTransportException)
        {
            Tell(source, $"{workload} cannot be restarted", failure);
        }
    }

    private void Tell(EventSubject source, string what, Exception failure) => events.Record(source, EventType.Warning, EventFailed, failure switch
    {
        KubeApiException { IsForbidden: true } => $"{what}: the controller may not; deploy/kustomize/components/restart grants it (Helm: restart.enabled)",
        KubeApiException { IsNotFound: true } => $"{what}: it is not there",
        KubeApiException refused => $"{what}: the API server answers {refused.Code} {refused.Reason}",
        _ => $"{what}: the API server does not answer",
    });

    private static bool SameItems(Secret before, Secret after)
    {
        if ((before.Data?.Count ?? 0) != (after.Data?.Count ?? 0)) return false;
        foreach (var (name, value) in before.Data ?? [])
        {
            if (!after.Data!.TryGetValue(name, out var other) || !(value ?? []).AsSpan().SequenceEqual(other ?? [])) return false;
        }
        return true;
    }
}
