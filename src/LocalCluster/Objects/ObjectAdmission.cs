using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Apply;
using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Schema;

namespace GitOpsSecrets.LocalCluster.Objects;

/// <summary>Makes a decoded object ready to be stored: what the server owns is set, what must not change is kept, the rest is checked.</summary>
internal sealed class ObjectAdmission(TimeProvider time)
{
    private static readonly string[] Kept = ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "generateName", "selfLink"];

    public FieldOwnership Ownership(ResourceType type) => new(type.Schema, time);

    /// <exception cref="ApiException">422 with all that is wrong.</exception>
    public void PrepareCreate(ResourceType type, JsonObject created, string ns)
    {
        var metadata = created["metadata"]!.AsObject();
        foreach (var name in (string[])["resourceVersion", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"]) metadata.Remove(name);
        if (type.IsNamespaced) metadata["namespace"] = ns;
        else metadata.Remove("namespace");
        var prefix = metadata["generateName"]?.GetValue<string>() ?? "";
        if (string.IsNullOrEmpty(metadata["name"]?.GetValue<string>()) && prefix.Length > 0) metadata["name"] = ObjectNames.Generate(prefix);
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Timestamps.Seconds(time.GetUtcNow());
        if (type.CountsGenerations) metadata["generation"] = 1;
        if (type.HasStatus)
        {
            created.Remove("status");
            // A kube-apiserver fills in the defaults of a status whenever it reads one from storage, so even the first answer has them.
            if (type.IsCustom) SchemaDefaulter.Apply(created, type.Schema);
        }
        CheckName(type, metadata);
        type.Rules.Prepare?.Invoke(null, created);
        Check(type, null, created);
    }

    /// <exception cref="ApiException">422 with all that is wrong.</exception>
    public static JsonObject PrepareUpdate(ResourceType type, JsonObject before, JsonObject sent, string subresource)
    {
        var after = subresource.Length == 0 ? MainUpdate(type, before, sent) : SubresourceUpdate(before, sent, subresource);
        var metadata = after["metadata"]!.AsObject();
        foreach (var name in Kept)
        {
            metadata.Remove(name);
            if (before["metadata"]![name] is { } value) metadata[name] = value.DeepClone();
        }

        metadata["resourceVersion"] = before["metadata"]!["resourceVersion"]!.DeepClone();
        if (subresource.Length == 0) type.Rules.Prepare?.Invoke(before, after);
        if (type.CountsGenerations && !SameSpec(before, after)) metadata["generation"] = Generation(before) + 1;
        Check(type, before, after);
        return after;
    }

    public static long Generation(JsonObject json) => json["metadata"]?["generation"] is JsonValue value
        ? value.TryGetValue(out long number) ? number : value.GetValue<int>()
        : 0;

    private static JsonObject MainUpdate(ResourceType type, JsonObject before, JsonObject sent)
    {
        var after = sent;
        if (!type.HasStatus) return after;
        after.Remove("status");
        if (before["status"] is { } status) after["status"] = status.DeepClone();
        return after;
    }

    /// <summary>Through <c>/status</c> only the status changes, through <c>/finalize</c> only the finalizers of a namespace, through <c>/scale</c> only the spec, in one place.</summary>
    private static JsonObject SubresourceUpdate(JsonObject before, JsonObject sent, string subresource)
    {
        var after = before.DeepClone().AsObject();
        var field = subresource is "finalize" or "scale" ? "spec" : subresource;
        after.Remove(field);
        if (sent[field] is { } value) after[field] = value.DeepClone();
        var metadata = after["metadata"]!.AsObject();
        metadata.Remove("managedFields");
        if (sent["metadata"]?["managedFields"] is { } managed) metadata["managedFields"] = managed.DeepClone();
        return after;
    }

    private static bool SameSpec(JsonObject before, JsonObject after)
    {
        static JsonObject Spec(JsonObject json) => new(json.Where(pair => pair.Key is not ("metadata" or "status")).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        return JsonNode.DeepEquals(Spec(before), Spec(after));
    }

    private static void CheckName(ResourceType type, JsonObject metadata)
    {
        var errors = new List<FieldError>();
        var name = metadata["name"]?.GetValue<string>() ?? "";
        if (name.Length == 0) errors.Add(FieldError.Required("metadata.name", "name or generateName is required"));
        else ObjectNames.Check(type, name, errors);
        if (errors.Count > 0) throw ApiErrors.Invalid(type, name, errors);
    }

    private static void Check(ResourceType type, JsonObject? before, JsonObject after)
    {
        var errors = new List<FieldError>();
        MetadataCheck.Check(before, after, errors);
        if (type.IsCustom) errors.AddRange(SchemaValidator.Validate(after, type.Schema));
        type.Rules.Check?.Invoke(before, after, errors);
        if (errors.Count > 0) throw ApiErrors.Invalid(type, after["metadata"]!["name"]!.GetValue<string>(), errors);
    }
}
