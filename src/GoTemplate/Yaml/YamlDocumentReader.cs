using System.Text;
using GitOpsSecrets.Api.Yaml;
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
    private readonly YamlTokens scanner;
    private readonly Parser parser;
    private int depth;

    private YamlDocumentReader(ExecutionBudget budget, string text)
    {
        this.budget = budget;
        scanner = new YamlTokens(text);
        parser = new Parser(scanner);
    }

    /// <exception cref="FunctionException">No YAML, or not to be had as JSON; the message follows go-yaml's.</exception>
    public static GoValue Read(ExecutionBudget budget, GoString text)
    {
        budget.Enter(text.Length);
        var characters = text.ToText().TrimStart('\ufeff');
        Check(characters);
        while (true)
        {
            var reader = new YamlDocumentReader(budget, characters);
            try
            {
                return reader.ReadDocument();
            }
            catch (Exception e) when (e is YamlException or InvalidOperationException)
            {
                characters = YamlIndentation.Mend(budget, characters, e) ?? throw reader.Refused(e);
            }
        }
    }

    private static void Check(string text)
    {
        // libyaml refuses a tab where a block may begin; our parser lets it pass.
        if (text.AsSpan().TrimStart(" \n\r").StartsWith("\t"))
        {
            throw new FunctionException("error converting YAML to JSON: yaml: found character that cannot start any token");
        }

        foreach (var character in text)
        {
            if (character is not ('\t' or '\n' or '\r' or (>= ' ' and <= '~') or '\u0085' or (>= '\u00a0' and <= '\ufffd')))
            {
                throw new FunctionException("error converting YAML to JSON: yaml: control characters are not allowed");
            }
        }
    }

    private FunctionException Refused(Exception failure) => failure is YamlException e
        ? new($"error converting YAML to JSON: yaml: line {e.Start.Line}: {e.Message}")
        : new($"error converting YAML to JSON: yaml: line {scanner.CurrentPosition.Line}: did not find expected node content");

    private GoValue ReadDocument()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            return GoNil.Value;
        }

        var start = parser.Consume<DocumentStart>();
        return start.Version is null or { Version: { Major: 1, Minor: 1 } } ? ReadNode() : throw new FunctionException("error converting YAML to JSON: yaml: found incompatible YAML document");
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
            budget.Allocate(scalar.Value.Length);
            value = ReadScalar(scalar);
        }
        else if (parser.TryConsume<SequenceStart>(out _))
        {
            budget.AllocateObject();
            value = ReadSequence();
        }
        else
        {
            budget.AllocateObject();
            parser.Consume<MappingStart>();
            value = ReadMapping();
        }

        if (node is { Anchor.IsEmpty: false })
        {
            anchors[node.Anchor.Value] = value;
        }

        return value;
    }

    /// <summary>Whether the list or map goes on. What follows the outermost is nobody's, and not looked at.</summary>
    private bool GoesOn<TEnd>()
        where TEnd : ParsingEvent
    {
        if (!parser.Accept<TEnd>(out _))
        {
            return true;
        }

        if (--depth > 0)
        {
            parser.MoveNext();
        }

        return false;
    }

    private GoList ReadSequence()
    {
        var items = new List<GoValue>();
        for (depth++; GoesOn<SequenceEnd>();)
        {
            items.Add(ReadNode());
        }

        return GoList.OfAny(items);
    }

    private GoMap ReadMapping()
    {
        var map = GoMap.OfAny();
        for (depth++; GoesOn<MappingEnd>();)
        {
            if (parser.Accept<Scalar>(out var key) && key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                // What stands before it is written over, and of several the first counts.
                parser.MoveNext();
                foreach (var (name, value) in Merged(ReadNode()).Reverse().SelectMany(merged => merged.Entries))
                {
                    budget.AllocateItems(2);
                    map.Entries[name] = value;
                }

                continue;
            }

            budget.AllocateItems(2);
            map.Entries[Key(ReadNode())] = ReadNode();
        }

        return map;
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
