using System.Globalization;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Lists;

/// <summary>Between texts and lists of texts.</summary>
internal static class StringListFunctions
{
    public static GoFunction[] All { get; } =
    [
        new("join", "string, any", call => ByteText.Join(call.Budget, Texts(call.Budget, call[1]), call.Text(0))),
        new("toStrings", "any", call => GoList.OfStrings(Texts(call.Budget, call[0]))),
        new("sortAlpha", "any", SortAlpha),
        new("splitList", "string, string", call => GoList.OfStrings(ByteText.Split(call.Budget, call.Text(1), call.Text(0), -1))),
        new("split", "string, string", call => Numbered(call, ByteText.Split(call.Budget, call.Text(1), call.Text(0), -1))),
        new("splitn", "string, int, string", call => Numbered(call, ByteText.Split(call.Budget, call.Text(2), call.Text(0), call.Int(1)))),
    ];

    /// <summary>The elements as texts, nil left out; what is no list is its own only element.</summary>
    public static List<GoString> Texts(ExecutionBudget budget, GoValue value)
    {
        var items = value is GoList list ? list.Items : [value];
        budget.AllocateItems(items.Count);
        return [.. items.Where(item => item is not GoNil).Select(item => Printer.Sprint(budget, item))];
    }

    private static GoList SortAlpha(Call call)
    {
        if (call[0] is not GoList)
        {
            return GoList.OfStrings([Printer.Sprint(call.Budget, call[0])]);
        }

        var texts = Texts(call.Budget, call[0]);
        texts.Sort();
        return GoList.OfStrings(texts);
    }

    private static GoMap Numbered(Call call, List<GoString> parts)
    {
        call.Budget.AllocateItems(parts.Count * 4L);
        var map = new GoMap(GoType.StringMap, []);
        for (var i = 0; i < parts.Count; i++)
        {
            map.Entries[GoString.Of("_" + i.ToString(CultureInfo.InvariantCulture))] = parts[i];
        }

        return map;
    }
}
