using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Data;

/// <summary>JSON both ways; without <c>must</c>, errors vanish: reading gives nil, writing gives nothing.</summary>
internal static class JsonFunctions
{
    private const string Indent = "  ";

    public static GoFunction[] All { get; } =
    [
        new("toJson", "any", call => OrEmpty(() => JsonText.Write(call.Budget, call[0], escapesHtml: true))),
        new("mustToJson", "any", call => JsonText.Write(call.Budget, call[0], escapesHtml: true)),
        new("toPrettyJson", "any", call => OrEmpty(() => JsonText.Write(call.Budget, call[0], escapesHtml: true, Indent))),
        new("mustToPrettyJson", "any", call => JsonText.Write(call.Budget, call[0], escapesHtml: true, Indent)),
        new("toRawJson", "any", call => JsonText.Write(call.Budget, call[0], escapesHtml: false)),
        new("mustToRawJson", "any", call => JsonText.Write(call.Budget, call[0], escapesHtml: false)),
        new("fromJson", "string", FromJson),
        new("mustFromJson", "string", call => JsonReader.Read(call.Budget, call.Text(0).Span)),
    ];

    private static GoString OrEmpty(Func<GoString> write)
    {
        try
        {
            return write();
        }
        catch (FunctionException)
        {
            return GoString.Empty;
        }
    }

    private static GoValue FromJson(Call call)
    {
        try
        {
            return JsonReader.Read(call.Budget, call.Text(0).Span);
        }
        catch (FunctionException)
        {
            return GoNil.Value;
        }
    }
}
