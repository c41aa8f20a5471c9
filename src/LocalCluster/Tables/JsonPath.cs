using System.Globalization;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Tables;

/// <summary>The part of JSONPath that printer columns use: fields, quoted fields, indexes, <c>[*]</c> and <c>[?(@.a=="b")]</c>.</summary>
internal static class JsonPath
{
    public static IReadOnlyList<JsonNode> Find(JsonNode root, string path)
    {
        IEnumerable<JsonNode> nodes = [root];
        var i = 0;
        while (i < path.Length)
        {
            if (path[i] == '[')
            {
                var end = Closing(path, i);
                nodes = Bracket(nodes, path[(i + 1)..end]);
                i = end + 1;
                continue;
            }

            if (path[i] == '.') i++;
            var field = "";
            for (; i < path.Length && path[i] is not ('.' or '['); i++)
            {
                if (path[i] == '\\' && i + 1 < path.Length) i++;
                field += path[i];
            }

            if (field.Length > 0) nodes = Step(nodes, field);
        }

        return [.. nodes];
    }

    private static List<JsonNode> Step(IEnumerable<JsonNode> nodes, string field) =>
        [.. nodes.Select(node => (node as JsonObject)?[field]).OfType<JsonNode>()];

    private static List<JsonNode> Bracket(IEnumerable<JsonNode> nodes, string inside)
    {
        if (inside == "*") return [.. nodes.SelectMany(Children)];
        if (inside.StartsWith('\'') || inside.StartsWith('"')) return Step(nodes, inside[1..^1].Replace("\\.", ".", StringComparison.Ordinal));
        if (inside.StartsWith('?')) return [.. nodes.SelectMany(Children).Where(Filter(inside))];
        if (!int.TryParse(inside, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)) return [];
        return [.. nodes.OfType<JsonArray>().Select(list => list.ElementAtOrDefault(index < 0 ? list.Count + index : index)).OfType<JsonNode>()];
    }

    private static IEnumerable<JsonNode> Children(JsonNode node) => node switch
    {
        JsonArray list => list.OfType<JsonNode>(),
        JsonObject map => map.Select(pair => pair.Value).OfType<JsonNode>(),
        _ => [],
    };

    private static Func<JsonNode, bool> Filter(string inside)
    {
        var text = inside.Trim('?', '(', ')', ' ');
        var sign = text.Contains("!=", StringComparison.Ordinal) ? "!=" : "==";
        var sides = text.Split(sign, 2);
        if (sides.Length != 2) return node => Find(node, text.TrimStart('@')).Count > 0;
        var path = sides[0].Trim().TrimStart('@');
        var wanted = sides[1].Trim().Trim('"', '\'');
        return node => Find(node, path).Any(found => found.ToString() == wanted) == (sign == "==");
    }

    private static int Closing(string path, int open)
    {
        var quote = '\0';
        for (var i = open + 1; i < path.Length; i++)
        {
            if (quote != '\0') quote = path[i] == quote ? '\0' : quote;
            else if (path[i] is '\'' or '"') quote = path[i];
            else if (path[i] == ']') return i;
        }

        return path.Length - 1;
    }
}
