using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.Runtime;

/// <summary>
/// Says in the status of an object that cannot be read as its kind, and by an event, which field is at fault: else nothing would ever happen to it, and only the log knew why. The object itself
/// goes back as the JSON that it is.
/// </summary>
/// <param name="failed">Counts it, and tells people of it, as any other failure of the kind.</param>
internal sealed class UnreadableReport(KubeClient kube, EventRecorder events, UnreadableTerms terms, bool updateStatus, Action<NamespacedName, string> failed, TimeProvider time)
{
    /// <summary>The versions that our own last writes made, until they come back.</summary>
    private readonly ConcurrentDictionary<NamespacedName, string> echoes = new();

    private readonly KubeKind<JsonObject> kind = KubeKind.Untyped(terms.Resource);

    /// <exception cref="TerminalException">Said; nothing but an edit of the object helps.</exception>
    public async Task ReportAsync(UnreadableObject found, CancellationToken cancellationToken)
    {
        // What was said comes back as a version of its own.
        if (echoes.TryRemove(found.Key, out var echo) && echo == found.ResourceVersion) return;
        // Another version is read first, and wakes it if it is no better.
        if (await kube.FindAsync(kind, found.Key, cancellationToken).ConfigureAwait(false) is not { } item || kind.ResourceVersion(item) != found.ResourceVersion) return;
        var message = MessageOf(item, found);
        failed(found.Key, message);
        if (Next(item, message) is { } status)
        {
            events.Record(SubjectOf(item, found), EventType.Warning, terms.Reason, message);
            if (updateStatus) await WriteAsync(found, item, status, cancellationToken).ConfigureAwait(false);
        }
        throw new TerminalException(terms.Reason);
    }

    private async Task WriteAsync(UnreadableObject found, JsonObject item, JsonObject status, CancellationToken cancellationToken)
    {
        item["status"] = status;
        try
        {
            var written = kind.ResourceVersion(await kube.UpdateStatusAsync(kind, item, cancellationToken).ConfigureAwait(false));
            if (written is not null && written != found.ResourceVersion) echoes[found.Key] = written;
        }
        catch (KubeApiException refused) when (refused.IsNotFound || refused.IsConflict || refused.IsRejected)
        {
            // Gone, or another version: its event comes. Or written in a version of the kind that leaves open what this one does not: then the event alone has told of it.
        }
    }

    private string MessageOf(JsonObject item, UnreadableObject found)
    {
        const string Remedy = " (YAML takes a bare n, y, on, off, 1 for no text: put it in quotes)";
        var fault = found.Path.Length == 0
            ? $"the object cannot be read as a {terms.Kind}"
            : $"{found.Path} cannot be read: what stands there is not of the form that this field has{(QuotesHelp(item, found.Path) ? Remedy : "")}";
        // Nor from the last version that could be read: after a restart nobody has it.
        return $"{fault}; until that is mended no Secret of it is made, changed or put right";
    }

    /// <summary>Whether that field would do if what stands there were text. Tried, as only the kind knows.</summary>
    private bool QuotesHelp(JsonObject item, string path)
    {
        var quoted = item.DeepClone();
        if (Leaves(quoted).FirstOrDefault(leaf => leaf.GetPath() == "$." + path) is not { } found || found.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number)) return false;
        var text = TextNodes.Of(found.ToJsonString());
        if (found.Parent is JsonObject owner) owner[found.GetPropertyName()] = text;
        else found.Parent!.AsArray()[found.GetElementIndex()] = text;
        try
        {
            quoted.Deserialize(terms.Shape);
            return true;
        }
#pragma warning disable CA1031 // As for lists: converters of kinds throw what they like.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return failure is JsonException && UnreadableObject.PathOf(failure) != path;
        }
    }

    private static IEnumerable<JsonNode> Leaves(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Leaves(field.Value)),
        JsonArray items => items.SelectMany(Leaves),
        null => [],
        _ => [node],
    };

    /// <returns>The status to write; <c>null</c> when the present one says the same.</returns>
    private JsonObject? Next(JsonObject item, string message)
    {
        var present = item["status"] as JsonObject;
        var before = (present?["conditions"] as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
        var generation = item["metadata"]?["generation"];
        var seen = JsonNode.DeepEquals(generation, present?["observedGeneration"]);
        var next = present?.DeepClone().AsObject() ?? [];
        if (terms.Message is not null) next["message"] = terms.Message;
        next["observedGeneration"] = generation?.DeepClone();
        next["conditions"] = new JsonArray([
            .. terms.Conditions.Select(condition => Timed(condition.Type, condition.Status, condition.HasMessage ? message : null, before, seen)),
            .. before.Where(other => terms.Conditions.All(condition => condition.Type != other["type"].AsText())).Select(other => other.DeepClone()),
        ]);
        return JsonNode.DeepEquals(next, present) ? null : next;
    }

    private JsonObject Timed(string type, string status, string? message, List<JsonObject> before, bool seen)
    {
        var now = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var known = before.Find(condition => condition["type"].AsText() == type && condition["status"].AsText() == status);
        var condition = new JsonObject { ["type"] = type, ["status"] = status, ["reason"] = terms.Reason };
        if (message is not null) condition["message"] = message;
        condition["lastTransitionTime"] = known?["lastTransitionTime"].AsText() ?? now;
        if (!terms.HasUpdateTimes) return condition;
        var same = seen && known?["reason"].AsText() == terms.Reason && known?["message"].AsText() == message;
        condition["lastUpdateTime"] = (same ? known?["lastUpdateTime"].AsText() : null) ?? now;
        return condition;
    }

    private EventSubject SubjectOf(JsonObject item, UnreadableObject found) => new()
    {
        ApiVersion = terms.Resource.ApiVersion,
        Kind = terms.Kind,
        Namespace = found.Key.Namespace,
        Name = found.Key.Name,
        Uid = (item["metadata"] as JsonObject)?["uid"].AsText(),
        ResourceVersion = found.ResourceVersion,
    };
}
