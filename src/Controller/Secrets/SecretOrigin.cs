using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Controller.Secrets;

/// <summary>
/// What a Secret itself says about where it is from. That it was written by this controller says little: its sealing keys, its certificates and the Secrets of other kinds were, too.
/// </summary>
internal static class SecretOrigin
{
    private const string WebhookComponent = "external-secrets.io/component";

    public static bool IsControlledBy(string uid, Secret secret) => Controllers(secret).Any(reference => reference.Uid == uid);

    /// <summary>Another object controls it. A source that sets no owner of its own may name one in its template, which is none other; nor is one that a template named before.</summary>
    public static bool IsControlledByAnother(Secret secret, SecretDraft draft) => Controllers(secret).Any(reference =>
        reference.Uid != draft.OwnerUid
        && draft.Secret.Metadata.OwnerReferences?.Any(named => named.Uid == reference.Uid) != true
        && !EntriesOf(WritePolicy.SealedFieldManager, secret).Any(entry => entry["fieldsV1"]?["f:metadata"]?["f:ownerReferences"] is JsonObject owners && owners.ContainsKey($$"""k:{"uid":"{{reference.Uid}}"}""")));

    /// <summary>An object of another kind of ours controls it.</summary>
    public static bool IsOfAnotherKind(Secret secret, SecretDraft draft) => Controllers(secret).Any(reference =>
        reference.Kind != draft.OwnerKind
        && (reference.IsOf("bitnami.com", SealedSecret.SealedSecretKind) || reference.IsOf(ExternalSecretNames.Group, ExternalSecret.ExternalSecretKind)));

    /// <summary>A sealing key, in use or retired, or a certificate of the controller: written over, it is lost for good.</summary>
    public static bool IsOfController(Secret secret, IReadOnlySet<string> reserved) =>
        secret.Metadata.Labels?.ContainsKey(SealedSecretAnnotations.SealingKeyLabel) == true
        || reserved.Contains($"{secret.Metadata.Namespace}/{secret.Metadata.Name}");

    public static bool IsWrittenBy(string manager, Secret secret) => EntriesOf(manager, secret).Any();

    /// <summary>
    /// As was left, before SealedSecrets had a field manager of their own, of one without owner: written under the one that all kinds shared, and nothing says that it is another's.
    /// </summary>
    public static bool IsFromEarlierVersion(Secret secret) =>
        !Controllers(secret).Any()
        && secret.Metadata.Labels?.ContainsKey(ExternalSecretNames.ManagedLabel) != true
        && secret.Metadata.Labels?.ContainsKey(WebhookComponent) != true
        && !Managers(secret).Any(manager => manager.StartsWith(ExternalSecretNames.FieldManagerPrefix, StringComparison.Ordinal))
        && EntriesOf(WritePolicy.FieldManager, secret).Any(entry => (entry["fieldsV1"] as JsonObject)?.ContainsKey("f:data") == true);

    /// <summary>That manager wrote the item, and nobody since.</summary>
    public static bool IsItemOf(string manager, string item, Secret secret) =>
        EntriesOf(manager, secret).Any(entry => (entry["fieldsV1"]?["f:data"] as JsonObject)?.ContainsKey("f:" + item) == true);

    /// <summary>The field manager that wrote last, of those that are not ours.</summary>
    public static string? LastForeignWriter(ObjectMeta metadata, string? own = null) => (metadata.ManagedFields ?? []).OfType<JsonObject>()
        .Where(entry => entry["manager"].AsText() is { } manager && manager != own && !manager.StartsWith(WritePolicy.FieldManager, StringComparison.Ordinal))
        .MaxBy(entry => entry["time"].AsText(), StringComparer.Ordinal)?["manager"].AsText();

    private static IEnumerable<OwnerReference> Controllers(Secret secret) => (secret.Metadata.OwnerReferences ?? []).Where(reference => reference.Controller == true);

    private static IEnumerable<JsonObject> EntriesOf(string manager, Secret secret) => Entries(secret).Where(entry => entry["manager"].AsText() == manager);

    private static IEnumerable<string> Managers(Secret secret) => Entries(secret).Select(entry => entry["manager"].AsText() ?? "");

    private static IEnumerable<JsonObject> Entries(Secret secret) => (secret.Metadata.ManagedFields ?? []).OfType<JsonObject>();
}
