using System.Text.Json.Nodes;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>
/// Writes what has an owner. With the admission plugin <c>OwnerReferencesPermissionEnforcement</c> (OpenShift has it) only who may update an owner's finalizers may have his deletion wait
/// for what he owns. Who may not owns all the same, and is not waited for: the role of another installation, that was taken over, need not have that right.
/// </summary>
internal static class OwnerBlocking
{
    /// <param name="without">The object with nothing that has a deletion wait; null where there is nothing like that in it.</param>
    public static async Task<T> WriteAsync<T>(T item, Func<T, T?> without, Func<T, Task<T>> write)
        where T : class
    {
        try
        {
            return await write(item);
        }
        catch (KubeApiException refused) when (refused.IsForbidden && without(item) is { } other)
        {
            return await write(other);
        }
    }

    public static ObjectMeta? Without(ObjectMeta metadata) => metadata.OwnerReferences?.Any(Blocks) != true
        ? null
        : metadata with { OwnerReferences = [.. metadata.OwnerReferences.Select(owner => Blocks(owner) ? owner with { BlockOwnerDeletion = null } : owner)] };

    public static JsonObject? Without(JsonObject item)
    {
        var other = item.DeepClone().AsObject();
        var found = false;
        foreach (var owner in (other["metadata"]?["ownerReferences"] as JsonArray ?? []).OfType<JsonObject>().Where(owner => IsTrue(owner["controller"]))) found |= owner.Remove("blockOwnerDeletion");
        return found ? other : null;
    }

    /// <summary>What others wrote is theirs.</summary>
    private static bool Blocks(OwnerReference owner) => owner is { Controller: true, BlockOwnerDeletion: true };

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var isTrue) && isTrue;
}
