using System.Text;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace GitOpsSecrets.GoTemplate.Yaml;

/// <summary>
/// The first document of a YAML 1.1 text as JSON would hold it (sigs.k8s.io/yaml): keys are texts, the last of equal keys wins,
/// anchors and merges are resolved. Numbers keep the type YAML gives them: see <see cref="ToJsonTypes"/>.
/// </summary>
internal sealed class YamlDocumentReader
{
    private readonly ExecutionBudget budget;
    private readonly Dictionary<string, GoValue> anchors = new(StringComparer.Ordinal);
    private readonly Parser parser;

    private YamlDocumentReader(ExecutionBudget budget, string text)
    {
        this.budget = budget;
        parser = new Parser(new StringReader(text));
    }

    /// <exception cref="FunctionException">No YAML, or not to be had as JSON; the message follows go-yaml's.</exception>
    public static GoValue Read(ExecutionBudget budget, GoString text)
    {
        try
        {
            // libyaml refuses a tab where a block may begin; our parser lets it pass.
            if (text.ToText().TrimStart(' ', '\n', '\r').StartsWith('\t'))
            {
                throw new FunctionException("error converting YAML to JSON: yaml: found character that cannot start any token");
            }

            var reader = new YamlDocumentReader(budget, text.ToText());
            reader.parser.Consume<StreamStart>();
            if (reader.parser.Accept<StreamEnd>(out _))
            {
                return GoNil.Value;
            }

            reader.parser.Consume<DocumentStart>();
            return reader.ReadNode();
        }
        catch (YamlException e)
        {
            throw new FunctionException($"error converting YAML to JSON: yaml: line {e.Start.Line}: {e.Message}");
        }
    }

    /// <summary>All numbers as float64, as JSON has them. Aliases are copied, and counted: few can stand for very many.</summary>
    public static GoValue ToJsonTypes(ExecutionBudget budget, GoValue value)
    {
        DeepStack.CheckNesting();
        budget.AllocateItems(1);
        return value switch
        {
            GoInt number => new GoFloat(number.Value),
            GoUint number => new GoFloat(number.Value),
            GoFloat number when !double.IsFinite(number.Value) =>
                throw new FunctionException($"error converting YAML to JSON: json: unsupported value: {FloatText.Format(number.Value, 'g', -1)}"),
            GoList list => GoList.OfAny([.. list.Items.Select(item => ToJsonTypes(budget, item))]),
            GoMap map => new GoMap(GoType.AnyMap, map.Entries.ToDictionary(entry => entry.Key, entry => ToJsonTypes(budget, entry.Value))),
            _ => value,
        };
    }

    /// <summary>How a scalar reads where JSON wants a string: floats have 32 bits.</summary>
    public static string ScalarText(GoValue value) => value switch
    {
        GoFloat number => FloatText.FormatSingle((float)number.Value),
        GoInt number => number.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        GoUint number => number.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        GoBool => value.IsTrue ? "true" : "false",
        GoString text => text.ToText(),
        _ => "",
    };

    private GoValue ReadNode()
    {
        DeepStack.CheckNesting();
        budget.AllocateItems(1);
        var node = parser.Current as NodeEvent;
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return anchors.TryGetValue(alias.Value.Value, out var target) ? target : throw new FunctionException($"error converting YAML to JSON: yaml: unknown anchor '{alias.Value}' referenced");
        }

        GoValue value;
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            value = ReadScalar(scalar);
        }
        else if (parser.TryConsume<SequenceStart>(out _))
        {
            value = ReadSequence();
        }
        else
        {
            parser.Consume<MappingStart>();
            value = ReadMapping();
        }

        if (node is { Anchor.IsEmpty: false })
        {
            anchors[node.Anchor.Value] = value;
        }

        return value;
    }

    private GoList ReadSequence()
    {
        var items = new List<GoValue>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode());
        }

        return GoList.OfAny(items);
    }

    private GoMap ReadMapping()
    {
        var own = GoMap.OfAny();
        var merged = new List<GoMap>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (parser.Accept<Scalar>(out var key) && key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                parser.MoveNext();
                merged.AddRange(Merged(ReadNode()));
                continue;
            }

            own.Entries[Key(ReadNode())] = ReadNode();
        }

        foreach (var (key, value) in merged.SelectMany(map => map.Entries))
        {
            budget.AllocateItems(1);
            own.Entries.TryAdd(key, value);
        }

        return own;
    }

    private static IEnumerable<GoMap> Merged(GoValue value) => value switch
    {
        GoMap map => [map],
        GoList list when list.Items.All(item => item is GoMap) => list.Items.Cast<GoMap>(),
        _ => throw new FunctionException("error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value"),
    };

    private static GoString Key(GoValue key) => key switch
    {
        GoString text => text,
        GoFloat or GoInt or GoUint or GoBool => GoString.Of(ScalarText(key)),
        _ => throw new FunctionException($"error converting YAML to JSON: unsupported map key of type: {key.Type}"),
    };

    private static GoValue ReadScalar(Scalar scalar)
    {
        var text = scalar.Value;
        var tag = scalar.Tag.IsEmpty ? "" : scalar.Tag.Value;
        switch (tag)
        {
            case "" when scalar.Style == ScalarStyle.Plain:
                return YamlScalar.Resolve(text);
            case "tag:yaml.org,2002:binary":
                var (bytes, _) = Functions.Encoding.GoBase64.Decode(Encoding.UTF8.GetBytes(text));
                return bytes is null ? throw new FunctionException("error converting YAML to JSON: yaml: !!binary value contains invalid base64 data") : new GoString(bytes);
            case "tag:yaml.org,2002:int" or "tag:yaml.org,2002:float" or "tag:yaml.org,2002:bool" or "tag:yaml.org,2002:null":
                return Tagged(text, tag["tag:yaml.org,2002:".Length..]);
            default:
                return GoString.Of(text);
        }
    }

    private static GoValue Tagged(string text, string kind)
    {
        var value = YamlScalar.Resolve(text);
        var fits = kind switch
        {
            "int" => value is GoInt or GoUint,
            "float" => value is GoInt or GoUint or GoFloat,
            "bool" => value is GoBool,
            _ => value is GoNil,
        };
        return fits ? value : throw new FunctionException($"error converting YAML to JSON: yaml: cannot decode !!str `{text}` as a !!{kind}");
    }
}
