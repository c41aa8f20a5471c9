using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Patch;
using GitOpsSecrets.LocalCluster.Resources;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>From a patch body to the change it makes.</summary>
internal static class PatchBody
{
    /// <exception cref="ApiException">400 unreadable, 415 a kind of patch that this type does not take; the change itself throws 422 when it does not apply.</exception>
    public static Func<JsonObject, JsonObject> Read(string media, string text, ResourceType type)
    {
        switch (media)
        {
            case "application/json-patch+json":
                var operations = RequestBody.ParseJson(text, "patch") as JsonArray ?? throw ApiErrors.BadRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
                return current => Guard(() => JsonPatch.Apply(current, operations));
            case "application/merge-patch+json":
                var changes = Map(text);
                return current => MergePatch.Apply(current, changes);
            case "application/strategic-merge-patch+json" when !type.IsCustom:
                var strategic = Map(text);
                return current => Guard(() => StrategicMergePatch.Apply(current, strategic, type.Schema));
            default:
                throw ApiErrors.UnsupportedMediaType();
        }
    }

    private static JsonObject Map(string text) =>
        RequestBody.ParseJson(text, "patch") as JsonObject ?? throw ApiErrors.BadRequest("error decoding patch: not a map");

    private static JsonObject Guard(Func<JsonObject> apply)
    {
        try
        {
            return apply();
        }
        catch (PatchException e)
        {
            throw new ApiException(422, "Invalid", "the server rejected our request due to an error in our request: " + e.Message);
        }
    }
}
