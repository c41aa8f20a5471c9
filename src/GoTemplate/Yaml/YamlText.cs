using System.Globalization;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Functions.Data;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Yaml;

/// <summary>
/// sigs.k8s.io/yaml's Marshal: the value goes to JSON, is read back as YAML, and is written by go-yaml v2.
/// So a text JSON shows raw but YAML does not accept fails, and line separators inside texts are folded.
/// </summary>
internal sealed partial class YamlText(ExecutionBudget budget)
{
    private const int IndentStep = 2;
    private const int MaxSimpleKeyLength = 128;

    private readonly ExecutionBudget budget = budget;
    private readonly ByteBuilder output = new(budget);
    private int column;

    /// <exception cref="FunctionException">The value has no form in JSON, or its JSON is no YAML.</exception>
    public static GoString Write(ExecutionBudget budget, GoValue value)
    {
        // Through JSON, so that times, versions and bytes are the texts they are there.
        var plain = JsonReader.Read(budget, JsonText.Write(budget, value, escapesHtml: true).Span, Number);
        var text = new YamlText(budget);
        text.WriteNode(plain, 0, isTop: true);
        text.Put('\n');
        return text.output.ToGoString();
    }

    private void WriteNode(GoValue value, int indent, bool isTop = false)
    {
        DeepStack.CheckNesting();
        switch (value)
        {
            case GoMap { Entries.Count: 0 }:
                Put("{}");
                break;
            case GoList { Count: 0, IsNilSlice: false }:
                Put("[]");
                break;
            case GoMap map:
                WriteMap(map, indent);
                break;
            case GoList { IsNilSlice: false } list:
                WriteList(list, indent);
                break;
            default:
                WriteScalar(value, isTop ? IndentStep : indent, isKey: false);
                break;
        }
    }

    private void WriteMap(GoMap map, int indent)
    {
        var first = true;
        foreach (var (key, value) in map.Entries.OrderBy(entry => entry.Key, YamlKeyOrder.Instance))
        {
            if (!first)
            {
                NewLine(indent);
            }

            first = false;
            WriteKey(Folded(key), indent);
            WriteValue(value, indent);
        }
    }

    private void WriteKey(GoString key, int indent)
    {
        if (IsSimpleKey(key))
        {
            WriteText(key, indent + IndentStep, isKey: true);
            Put(':');
            return;
        }

        Put("? ");
        WriteText(key, indent + IndentStep, isKey: false);
        NewLine(indent);
        Put(':');
    }

    private static bool IsSimpleKey(GoString key) => key.Length <= MaxSimpleKeyLength && !Runes.All(key.Span).Exists(ScalarShape.IsBreak);

    private void WriteValue(GoValue value, int indent)
    {
        switch (value)
        {
            case GoMap { Entries.Count: > 0 }:
                NewLine(indent + IndentStep);
                WriteNode(value, indent + IndentStep);
                break;
            case GoList { Count: > 0 }:
                NewLine(indent);
                WriteNode(value, indent);
                break;
            default:
                Put(' ');
                WriteNode(value, indent + IndentStep);
                break;
        }
    }

    private void WriteList(GoList list, int indent)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (i > 0)
            {
                NewLine(indent);
            }

            Put("- ");
            WriteNode(list.Items[i], indent + IndentStep);
        }
    }

    private void WriteScalar(GoValue value, int indent, bool isKey)
    {
        switch (value)
        {
            case GoString text:
                WriteText(Folded(text), indent, isKey);
                break;
            case GoBool:
                Put(value.IsTrue ? "true" : "false");
                break;
            case GoInt number:
                Put(number.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case GoUint number:
                Put(number.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case GoFloat number:
                Put(FloatText.Format(number.Value, 'g', -1));
                break;
            default:
                Put("null");
                break;
        }
    }

    /// <summary>What reads as an integer of 64 bits in JSON's text stays one, with all its digits.</summary>
    private static GoValue Number(string text) => YamlScalar.Resolve(text) is (GoInt or GoUint) and var number ? number : new GoFloat(NumberText.ParseFloat(text)!.Value);

    /// <summary>What reading the JSON's quoted text as YAML makes of it.</summary>
    private static GoString Folded(GoString text)
    {
        var runes = Runes.All(text.Span);
        if (runes.Exists(rune => rune is 0x7F or (>= 0x80 and <= 0x9F and not 0x85) or 0xFFFE or 0xFFFF))
        {
            throw new FunctionException("yaml: control characters are not allowed");
        }

        if (!runes.Contains(0x85))
        {
            return text;
        }

        return FoldNextLines(runes);
    }

    private static GoString FoldNextLines(List<int> runes)
    {
        // A single NEL is folded to a blank; of several, the first goes and the others become line feeds. Blanks around them go.
        var result = new List<int>();
        for (var i = 0; i < runes.Count; i++)
        {
            if (runes[i] != 0x85)
            {
                result.Add(runes[i]);
                continue;
            }

            while (result.Count > 0 && result[^1] is ' ')
            {
                result.RemoveAt(result.Count - 1);
            }

            var breaks = 0;
            for (; i < runes.Count && runes[i] is 0x85 or ' '; i++)
            {
                breaks += runes[i] == 0x85 ? 1 : 0;
            }

            i--;
            result.AddRange(breaks == 1 ? [' '] : Enumerable.Repeat((int)'\n', breaks - 1));
        }

        return Runes.Join(result);
    }

    private void NewLine(int indent)
    {
        Put('\n');
        for (var i = 0; i < indent; i++)
        {
            Put(' ');
        }
    }

    private void Put(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            Put(rune.Value);
        }
    }

    private void Put(int rune)
    {
        output.AppendRune(rune);
        column = ScalarShape.IsBreak(rune) ? 0 : column + 1;
    }
}
