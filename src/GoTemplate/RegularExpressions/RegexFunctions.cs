using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.RegularExpressions;

/// <summary>sprig's: pattern first, text second. Without <c>must</c> a bad pattern panics, except in regexMatch.</summary>
internal static class RegexFunctions
{
    public static GoFunction[] All { get; } =
    [
        new("regexMatch", "string, string", Matches),
        new("mustRegexMatch", "string, string", call => GoBool.Of(Parsed(call).IsMatch(call.Text(1)))),
        .. Both("regexFind", "string, string", (call, regex) => regex.Find(call.Text(1))),
        .. Both("regexFindAll", "string, string, int", FindAll),
        .. Both("regexReplaceAll", "string, string, string", (call, regex) => regex.ReplaceAll(call.Text(1), call.Text(2), isLiteral: false)),
        .. Both("regexReplaceAllLiteral", "string, string, string", (call, regex) => regex.ReplaceAll(call.Text(1), call.Text(2), isLiteral: true)),
        .. Both("regexSplit", "string, string, int", (call, regex) => Texts(regex.Split(call.Text(1), call.Int(2)))),
        new("regexQuoteMeta", "string", call => GoRegex.Escape(call.Text(0))),
    ];

    private static GoFunction[] Both(string name, string signature, Func<Call, GoRegex, GoValue> body) =>
    [
        new(name, signature, call => body(call, Compiled(call))),
        new("mustR" + name[1..], signature, call => body(call, Parsed(call))),
    ];

    private static GoRegex Parsed(Call call) => new(call.Budget, call.Text(0));

    private static GoRegex Compiled(Call call)
    {
        try
        {
            return Parsed(call);
        }
        catch (FunctionException e)
        {
            var pattern = GoQuote.CanBackquote(call.Text(0)) ? $"`{call.Text(0).ToText()}`" : GoQuote.Quote(call.Text(0));
            throw new FunctionException($"regexp: Compile({pattern}): {e.Message}");
        }
    }

    private static GoBool Matches(Call call)
    {
        try
        {
            return GoBool.Of(Parsed(call).IsMatch(call.Text(1)));
        }
        catch (FunctionException)
        {
            return GoBool.False;
        }
    }

    private static GoList FindAll(Call call, GoRegex regex)
    {
        var text = call.Text(1);
        var found = regex.FindAll(text, call.Int(2));
        return Texts(found.Count == 0 ? null : found.ConvertAll(match => text.Slice(match.Start, match.End - match.Start)));
    }

    private static GoList Texts(List<GoString>? texts) => texts is null ? GoList.NilOf(GoType.StringList) : GoList.OfStrings(texts);
}
