using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Apply;
using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Objects;

/// <summary>Create, update, apply and delete. Every write is computed on what is stored and repeated when another was first.</summary>
internal sealed class ObjectWriter(ObjectStore store, ObjectDecoder decoder, ObjectAdmission admission, TimeProvider time)
{
    private const string Namespaces = "namespaces";

    public bool Exists(ResourceType type, ObjectKey key) => store.Find(type.Collection, key) is not null;

    /// <exception cref="ApiException">409 when it exists, 404 when its namespace does not, 422 when it is not valid.</exception>
    public StoredObject Create(ResourceType type, string ns, JsonObject sent, WriteOptions options)
    {
        var created = decoder.Decode(type, sent, options);
        CheckNamespace(type, ns, created);
        if (!string.IsNullOrEmpty(created["metadata"]!["resourceVersion"]?.GetValue<string>()))
        {
            throw new ApiException(500, null, "resourceVersion should not be set on objects to be created") { HasDetails = false };
        }

        admission.PrepareCreate(type, created, ns);
        admission.Ownership(type).RecordUpdate([], created, Writer(type, options));
        return Commit(type, ns, created, options);
    }

    /// <param name="change">From a copy of the object as served to what it is to become.</param>
    /// <exception cref="ApiException">404, 409 when the sent version or uid is not the stored one, 422.</exception>
    public StoredObject Update(ResourceType type, ObjectKey key, Func<JsonObject, JsonObject> change, WriteOptions options)
    {
        while (true)
        {
            var stored = store.Find(type.Collection, key) ?? throw ApiErrors.NotFound(type, key.Name);
            var before = ObjectView.Copy(stored, type);
            var sent = decoder.Decode(type, change(ObjectView.Copy(stored, type)), options);
            CheckIdentity(type, key, stored, sent);
            var after = ObjectAdmission.PrepareUpdate(type, before, sent, options.Subresource);
            admission.Ownership(type).RecordUpdate(before, after, Writer(type, options));
            if (Replace(type, stored, before, after, options) is { } written) return written;
        }
    }

    /// <returns>The object and whether it was made.</returns>
    /// <exception cref="ApiException">As <see cref="Update"/>; 409 with causes when another manager owns a field.</exception>
    public (StoredObject Object, bool Created) Apply(ResourceType type, ObjectKey key, JsonObject sent, bool force, WriteOptions options)
    {
        // Who applies owns what he sent, and no default: the one of a status would be taken from whoever writes it, at every apply.
        var config = decoder.Decode(type, sent, options, withDefaults: false);
        if (config["metadata"]!["managedFields"] is not null) throw ApiErrors.BadRequest("metadata.managedFields must be nil");
        CheckIdentity(type, key, null, config);
        while (true)
        {
            var stored = store.Find(type.Collection, key);
            if (stored is null)
            {
                CheckNamespace(type, key.Namespace, config);
                if (Make(type, key, config, force, options) is { } made) return (made, true);
                continue;
            }

            var before = ObjectView.Copy(stored, type);
            var applied = admission.Ownership(type).Apply(before, config, Writer(type, options), force);
            CheckIdentity(type, key, stored, applied);
            var managed = applied["metadata"]!["managedFields"]?.DeepClone();
            var after = ObjectAdmission.PrepareUpdate(type, before, decoder.Decode(type, applied, options), options.Subresource);
            after["metadata"]!["managedFields"] = managed;
            if (Replace(type, stored, before, after, options) is { } written) return (written, false);
        }
    }

    /// <returns>The object: gone, or (with its deletionTimestamp) held by a finalizer.</returns>
    /// <exception cref="ApiException">404, or 409 when a precondition does not hold.</exception>
    public (StoredObject Object, bool Gone) Delete(ResourceType type, ObjectKey key, DeleteOptions options)
    {
        while (true)
        {
            var stored = store.Find(type.Collection, key) ?? throw ApiErrors.NotFound(type, key.Name);
            CheckPreconditions(type, stored, options);
            var after = stored.Copy();
            Finalizers.Set(after, Finalizers.ForDeletion(after, options.PropagationPolicy));
            if (!Finalizers.Hold(after))
            {
                if (options.IsDryRun) return (stored, true);
                if (store.TryRemove(stored) is { } last) return (last, true);
                continue;
            }

            if (!stored.IsTerminating) MarkTerminating(after);
            if (options.IsDryRun || JsonNode.DeepEquals(after, stored.Json)) return (stored, false);
            if (store.TryWrite(type.Collection, key, after, stored) is { } written) return (written, false);
        }
    }

    private void MarkTerminating(JsonObject json)
    {
        var metadata = json["metadata"]!.AsObject();
        metadata["deletionTimestamp"] = Timestamps.Seconds(time.GetUtcNow());
        metadata["deletionGracePeriodSeconds"] = 0;
        if (metadata["generation"] is not null) metadata["generation"] = ObjectAdmission.Generation(json) + 1;
        if (json["kind"]!.GetValue<string>() == "Namespace") json["status"] = new JsonObject { ["phase"] = "Terminating" };
    }

    private StoredObject Commit(ResourceType type, string ns, JsonObject created, WriteOptions options)
    {
        var key = new ObjectKey(ns, created["metadata"]!["name"]!.GetValue<string>());
        var exists = store.Find(type.Collection, key) is not null;
        if (exists) throw ApiErrors.AlreadyExists(type, key.Name);
        if (options.IsDryRun) return Unstored(type, key, created, 0);
        ToStorage(type, created);
        return store.TryWrite(type.Collection, key, created, null) ?? throw ApiErrors.AlreadyExists(type, key.Name);
    }

    private StoredObject? Make(ResourceType type, ObjectKey key, JsonObject config, bool force, WriteOptions options)
    {
        var empty = new JsonObject { ["metadata"] = new JsonObject() };
        var applied = admission.Ownership(type).Apply(empty, config, Writer(type, options), force);
        var managed = applied["metadata"]!["managedFields"]?.DeepClone();
        var created = decoder.Decode(type, applied, options);
        if (created["metadata"]!["resourceVersion"] is not null) throw ApiErrors.NotFound(type, key.Name);
        admission.PrepareCreate(type, created, key.Namespace);
        created["metadata"]!["managedFields"] = managed;
        if (options.IsDryRun) return Unstored(type, key, created, 0);
        ToStorage(type, created);
        return store.TryWrite(type.Collection, key, created, null);
    }

    /// <returns>The written object, the stored one when nothing changed, or <c>null</c> to try again.</returns>
    private StoredObject? Replace(ResourceType type, StoredObject stored, JsonObject before, JsonObject after, WriteOptions options)
    {
        if (JsonNode.DeepEquals(before, after)) return stored;
        if (options.IsDryRun) return Unstored(type, stored.Key, after, stored.Revision);
        var released = stored.IsTerminating && !Finalizers.Hold(after);
        ToStorage(type, after);
        if (released) return store.TryRemove(stored);
        return store.TryWrite(type.Collection, stored.Key, after, stored);
    }

    private static StoredObject Unstored(ResourceType type, ObjectKey key, JsonObject json, long revision)
    {
        ToStorage(type, json);
        return new StoredObject(type.Collection, key, json, revision);
    }

    private static void ToStorage(ResourceType type, JsonObject json)
    {
        if (type.StoredAsServed) return;
        type.ToStorage?.Invoke(json);
        json["apiVersion"] = type.StorageApiVersion;
    }

    private static FieldWriter Writer(ResourceType type, WriteOptions options) => new(options.FieldManager, type.ApiVersion, options.Subresource);

    private void CheckNamespace(ResourceType type, string ns, JsonObject created)
    {
        var metadata = created["metadata"]!;
        var named = metadata["namespace"]?.GetValue<string>() ?? "";
        if (!type.IsNamespaced) return;
        if (named.Length > 0 && named != ns) throw ApiErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        var home = store.Find(Namespaces, new ObjectKey("", ns))
            ?? throw new ApiException(404, "NotFound", $"namespaces \"{ns}\" not found") { Kind = Namespaces, Name = ns };
        if (!home.IsTerminating) return;
        var name = metadata["name"]?.GetValue<string>() ?? "";
        throw new ApiException(403, "Forbidden", $"{type.GroupResource} \"{name}\" is forbidden: unable to create new content in namespace {ns} because it is being terminated")
        {
            Group = type.Group,
            Kind = type.Plural,
            Name = name,
            Causes = [new StatusCause("NamespaceTerminating", $"namespace {ns} is being terminated", "metadata.namespace")],
        };
    }

    private static void CheckIdentity(ResourceType type, ObjectKey key, StoredObject? stored, JsonObject sent)
    {
        var metadata = sent["metadata"]!;
        var name = metadata["name"]?.GetValue<string>() ?? "";
        var ns = metadata["namespace"]?.GetValue<string>() ?? "";
        if (name.Length > 0 && name != key.Name) throw ApiErrors.BadRequest($"the name of the object ({name}) does not match the name on the URL ({key.Name})");
        if (type.IsNamespaced && ns.Length > 0 && ns != key.Namespace) throw ApiErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        if (name.Length == 0) metadata["name"] = key.Name;
        if (stored is not null) CheckVersion(type, key, stored, metadata);
    }

    private static void CheckVersion(ResourceType type, ObjectKey key, StoredObject stored, JsonNode metadata)
    {
        var uid = metadata["uid"]?.GetValue<string>() ?? "";
        if (uid.Length > 0 && uid != stored.Uid)
        {
            throw ApiErrors.Conflict(type, key.Name, $"StorageError: invalid object, Code: 4, Key: /registry/{type.Plural}/{key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object meta: {stored.Uid}");
        }

        var version = metadata["resourceVersion"]?.GetValue<string>() ?? "";
        if (version.Length > 0 && version != stored.Json["metadata"]!["resourceVersion"]!.GetValue<string>()) throw ApiErrors.Modified(type, key.Name);
        if (version.Length == 0 && (type.IsCustom || type.Plural is "leases" or "customresourcedefinitions"))
        {
            throw ApiErrors.Invalid(type, key.Name, [FieldError.Invalid("metadata.resourceVersion", type.Plural == "leases" ? "\"\"" : "0x0", "must be specified for an update")]);
        }
    }

    private static void CheckPreconditions(ResourceType type, StoredObject stored, DeleteOptions options)
    {
        if (options.PreconditionUid is { } uid && uid != stored.Uid)
        {
            throw ApiErrors.PreconditionFailed(type, stored.Key.Name, $"the UID in the precondition ({uid}) does not match the UID in record ({stored.Uid}). The object might have been deleted and then recreated");
        }

        var current = stored.Json["metadata"]!["resourceVersion"]!.GetValue<string>();
        if (options.PreconditionResourceVersion is { } version && version != current)
        {
            throw ApiErrors.PreconditionFailed(type, stored.Key.Name, $"the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record ({current}). The object might have been modified");
        }
    }
}
