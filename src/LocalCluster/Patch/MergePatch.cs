using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Patch;

/// <summary>RFC 7386: objects merge, null removes, all else replaces.</summary>
internal static class MergePatch
{
    public static JsonObject Apply(JsonObject document, JsonObject patch)
    {
        var result = document.DeepClone().AsObject();
        Merge(result, patch);
        return result;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject changes)
            {
                if (target[name] is not JsonObject below) target[name] = below = [];
                Merge(below, changes);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }
}
