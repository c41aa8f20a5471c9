using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using GitOpsSecrets.LocalCluster.Objects;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Storage;
using GitOpsSecrets.LocalCluster.Tables;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>
/// Watches: one JSON line an event. From a given revision on, or from what there is now when none (or 0) is given.
/// An object that stops matching the selectors is reported as deleted, one that starts to as added.
/// </summary>
internal sealed class WatchEndpoint(ObjectStore store, TableWriter tables, ClusterFaults faults, TimeProvider time)
{
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWatch = TimeSpan.FromMinutes(30);
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public async Task HandleAsync(HttpContext context, ApiRequest request, CancellationToken cancellationToken)
    {
        var type = request.Type!;
        var form = OutputForm.Choose(context.Request);
        var query = ListQuery.Read(context.Request, type, request.Name);
        var snapshot = store.Snapshot(type.Collection);
        var from = query.Revision() is { } revision and > 0 ? revision : (long?)null;
        var isExpired = faults.TakeExpiry(request);
        using var subscription = isExpired ? null : store.Subscribe(type.Collection, from ?? snapshot.Revision);

        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-cache, private";
        await context.Response.StartAsync(cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
        if (subscription is null)
        {
            await SendErrorAsync(context, ApiErrors.TooOld(from ?? 0, store.CompactedRevision), cancellationToken);
            return;
        }

        var stream = new EventStream(context, type, request, query, form);
        if (from is null || query.SendsInitialEvents) await SendInitialAsync(stream, snapshot, cancellationToken);
        // The timers run before the watch counts as open: who has seen it open may turn the clock.
        using var timeout = new CancellationTokenSource(query.Timeout ?? LongestWatch, time);
        using var bookmarks = new PeriodicTimer(BookmarkInterval, time);
        using var dropped = faults.JoinWatches(request);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, dropped.Token);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, timeout.Token);
        try
        {
            await FollowAsync(stream, subscription.Changes, bookmarks, snapshot.Revision, ending.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            if (dropped.IsCancellationRequested) context.Abort();
            else if (query.WantsBookmarks) await SendBookmarkAsync(stream, store.Revision, null, cancellationToken);
        }
    }

    private async Task SendInitialAsync(EventStream stream, StoreSnapshot snapshot, CancellationToken cancellationToken)
    {
        foreach (var stored in snapshot.In(stream.Request.Namespace).Where(stream.Query.Matches))
        {
            await SendAsync(stream, "ADDED", ObjectView.Json(stored, stream.Type), cancellationToken);
        }

        if (stream.Query.SendsInitialEvents) await SendBookmarkAsync(stream, snapshot.Revision, "k8s.io/initial-events-end", cancellationToken);
    }

    private async Task FollowAsync(
        EventStream stream, ChannelReader<ObjectChange> changes, PeriodicTimer bookmarks, long start, CancellationToken cancellationToken)
    {
        var seen = start;
        var tick = bookmarks.WaitForNextTickAsync(cancellationToken).AsTask();
        while (true)
        {
            var ready = changes.WaitToReadAsync(cancellationToken).AsTask();
            await Task.WhenAny(ready, tick);
            if (tick.IsCompleted)
            {
                await tick;
                if (stream.Query.WantsBookmarks && !ready.IsCompleted) await SendBookmarkAsync(stream, Math.Max(seen, store.Revision), null, cancellationToken);
                tick = bookmarks.WaitForNextTickAsync(cancellationToken).AsTask();
            }

            if (!await ready) return;
            while (changes.TryRead(out var change))
            {
                seen = change.Revision;
                await SendChangeAsync(stream, change, cancellationToken);
            }
        }
    }

    private async Task SendChangeAsync(EventStream stream, ObjectChange change, CancellationToken cancellationToken)
    {
        var ns = stream.Request.Namespace;
        if (ns.Length > 0 && change.Object.Key.Namespace != ns) return;
        var is_ = change.Kind != ChangeKind.Deleted && stream.Query.Matches(change.Object);
        var was = change.Previous is { } previous && stream.Query.Matches(previous);
        var name = (was, is_) switch
        {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            _ => null,
        };
        if (name is null) return;
        var json = ObjectView.Json(change.Object, stream.Type);
        if (name == "DELETED" && change.Kind == ChangeKind.Modified)
        {
            // It left the selection: the last matching state, under the revision at which it left.
            json = ObjectView.Copy(change.Previous!, stream.Type);
            json["metadata"]!["resourceVersion"] = change.Revision.ToString(CultureInfo.InvariantCulture);
        }

        await SendAsync(stream, name, json, cancellationToken);
    }

    private static Task SendBookmarkAsync(EventStream stream, long revision, string? annotation, CancellationToken cancellationToken)
    {
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture), ["creationTimestamp"] = null };
        if (annotation is not null) metadata["annotations"] = new JsonObject { [annotation] = "true" };
        var (kind, version) = stream.Form.IsMetadata ? ("PartialObjectMetadata", "meta.k8s.io/v1") : (stream.Type.Kind, stream.Type.ApiVersion);
        var json = new JsonObject { ["kind"] = kind, ["apiVersion"] = version, ["metadata"] = metadata };
        return SendLineAsync(stream.Context, "BOOKMARK", json, cancellationToken);
    }

    private async Task SendAsync(EventStream stream, string name, JsonObject json, CancellationToken cancellationToken)
    {
        if (stream.Form.As == OutputForm.Table)
        {
            var version = new JsonObject { ["resourceVersion"] = json["metadata"]!["resourceVersion"]!.DeepClone() };
            var table = tables.Write(stream.Type, [json], version, stream.Query.IncludeObject, !stream.ColumnsSent);
            stream.ColumnsSent = true;
            await SendLineAsync(stream.Context, name, table, cancellationToken);
            return;
        }

        await SendLineAsync(stream.Context, name, stream.Form.IsMetadata ? TableWriter.PartialMetadata(json) : json, cancellationToken);
    }

    private static Task SendErrorAsync(HttpContext context, ApiException error, CancellationToken cancellationToken) =>
        SendLineAsync(context, "ERROR", error.ToStatus(), cancellationToken);

    private static async Task SendLineAsync(HttpContext context, string name, JsonObject json, CancellationToken cancellationToken)
    {
        using var line = new MemoryStream();
        line.Write(System.Text.Encoding.ASCII.GetBytes($"{{\"type\":\"{name}\",\"object\":"));
        line.Write(JsonText.ToUtf8(json));
        line.WriteByte((byte)'}');
        line.Write(NewLine);
        await context.Response.Body.WriteAsync(line.GetBuffer().AsMemory(0, (int)line.Length), cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    private sealed record EventStream(HttpContext Context, ResourceType Type, ApiRequest Request, ListQuery Query, OutputForm Form)
    {
        public bool ColumnsSent { get; set; }
    }
}
