using System.Globalization;

namespace GitOpsSecrets.Sops.Documents;

/// <summary>The values of a document, each with its place.</summary>
public static class DocumentLeaves
{
    /// <returns>In the order of the document, comments left out. A place is <c>spec.items[0].name</c>.</returns>
    public static IEnumerable<(string Place, ScalarNode Value)> Of(MapNode document) => Of(document, "");

    private static IEnumerable<(string Place, ScalarNode Value)> Of(DocumentNode node, string place) => node switch
    {
        MapNode map => map.Entries.Where(entry => !entry.IsComment).SelectMany(entry => Of(entry.Value, place.Length == 0 ? entry.Key : $"{place}.{entry.Key}")),
        ListNode list => list.Items.Where(item => item is not CommentNode).SelectMany((item, i) => Of(item, string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]"))),
        ScalarNode scalar => [(place, scalar)],
        _ => [],
    };
}
