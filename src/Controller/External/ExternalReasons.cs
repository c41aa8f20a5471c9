namespace GitOpsSecrets.Controller.External;

/// <summary>Reasons and messages of conditions and events, in the original's words: dashboards and scripts look for them.</summary>
internal static class ExternalReasons
{
    public const string SecretSynced = "SecretSynced";
    public const string SecretSyncedError = "SecretSyncedError";
    public const string SecretDeleted = "SecretDeleted";
    public const string SecretMissing = "SecretMissing";

    public const string ResourceSynced = "ResourceSynced";
    public const string ResourceSyncedError = "ResourceSyncedError";
    public const string ResourceDeleted = "ResourceDeleted";
    public const string ResourceMissing = "ResourceMissing";

    public const string Synced = "secret synced";
    public const string Retained = "secret retained due to DeletionPolicy=Retain";
    public const string Deleted = "secret deleted due to DeletionPolicy=Delete";
    public const string Missing = "secret will not be created due to CreationPolicy=Merge";

    /// <summary>Behind a message of success: fields that were given, and that nothing came of.</summary>
    public static string Without(IReadOnlyCollection<string> fields) => fields.Count == 0 ? "" : $"; without effect: {string.Join(", ", fields)}";

    public const string CouldNotFetch = "could not get secret data from provider";
    public const string CouldNotDelete = "could not delete secret";
    public const string CouldNotDeleteOrphans = "could not delete orphaned secrets";
    public const string CouldNotUpdate = "could not update secret";
    public const string Immutable = "could not update secret, target is immutable";
    public const string CouldNotOwn = "failed to take ownership of target secret";
    public const string OwnedByAnother = "target is owned by another ExternalSecret";
    public const string NotValid = "the ExternalSecret is not valid";
    public const string InvalidTarget = "invalid generic target";

    public const string CouldNotGetResource = "could not get target resource";
    public const string CouldNotApply = "could not apply template to manifest";
    public const string CouldNotDeleteResource = "could not delete resource";
    public const string ResourceNotThere = "resource will not be created due to CreationPolicy=Merge";

    public const string EventCreated = "Created";
    public const string EventUpdated = "Updated";
    public const string EventDeleted = "Deleted";
    public const string EventMissing = "MissingProviderSecret";
    public const string EventFailed = "UpdateFailed";
}
