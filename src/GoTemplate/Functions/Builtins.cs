using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions;

/// <summary>The functions text/template itself brings (its <c>slice</c> is replaced by sprig's).</summary>
internal static class Builtins
{
    public static GoFunction[] All { get; } =
    [
        new("and", "value, ...value", call => call[0]) { Stop = false },
        new("or", "value, ...value", call => call[0]) { Stop = true },
        new("not", "value", call => GoBool.Of(!call[0].IsTrue)),
        new("call", "value, ...value", call => call[0]),
        new("index", "value, ...value", Index),
        new("len", "value", Length),
        new("print", "...any", call => Printer.Sprint(call.Budget, call.All)),
        new("println", "...any", PrintLine),
        new("printf", "string, ...any", call => Printer.Sprintf(call.Budget, call.Text(0), call.From(1))),
        new("html", "...any", call => TextEscapes.Html(call.Budget, Joined(call))),
        new("js", "...any", call => TextEscapes.JavaScript(call.Budget, Joined(call))),
        new("urlquery", "...any", call => TextEscapes.UrlQuery(call.Budget, Joined(call))),
        .. Comparisons.All,
    ];

    private static GoString PrintLine(Call call)
    {
        var builder = new ByteBuilder(call.Budget);
        new Printer(builder).PrintLine(call.All);
        return builder.ToGoString();
    }

    private static GoString Joined(Call call) => call switch
    {
        { Count: 1 } when call[0] is GoNil => GoString.Of("<no value>"),
        { Count: 1 } => Printer.Sprint(call.Budget, call[0]),
        _ => Printer.Sprint(call.Budget, [.. call.All.Select(value => value is GoNil ? GoString.Of("<no value>") : value)]),
    };

    private static GoInt Length(Call call) => GoInt.Of(call[0] switch
    {
        GoString text => text.Length,
        GoList list => list.Count,
        GoMap map => map.Entries.Count,
        GoNil nil when nil != GoNil.Untyped => throw new FunctionException("len of nil pointer"),
        GoNil => throw new FunctionException("reflect: call of reflect.Value.Type on zero Value"),
        var other => throw new FunctionException($"len of type {other.Type.Name.TrimStart('*')}"),
    });

    private static GoValue Index(Call call)
    {
        var item = call[0];
        if (item is GoNil)
        {
            throw new FunctionException("index of untyped nil");
        }

        foreach (var key in call.From(1))
        {
            item = item switch
            {
                GoMap map => Entry(map, key),
                GoList list => list.Items[(int)Position(key, list.Count, "slice")],
                GoString text => new GoUint(GoType.Uint8, text.Span[(int)Position(key, text.Length, "string")]),
                GoNil => throw new FunctionException("index of nil pointer"),
                _ => throw new FunctionException($"can't index item of type {item.Type.Name.TrimStart('*')}"),
            };
        }

        return item;
    }

    private static GoValue Entry(GoMap map, GoValue key) => key switch
    {
        GoString name => map.Entries.GetValueOrDefault(name) ?? map.ZeroElement(),
        GoNil => throw new FunctionException("value is nil; should be of type string"),
        _ => throw new FunctionException($"value has type {key.Type}; should be string"),
    };

    private static long Position(GoValue key, int length, string container)
    {
        var index = key switch
        {
            GoInt number => number.Value,
            GoUint number => (long)Math.Min(number.Value, long.MaxValue),
            GoNil => throw new FunctionException("cannot index slice/array with nil"),
            _ => throw new FunctionException($"cannot index slice/array with type {key.Type}"),
        };
        if (index < 0 || index > length)
        {
            throw new FunctionException($"index out of range: {index}");
        }

        return index < length ? index : throw new FunctionException($"reflect: {container} index out of range");
    }
}
