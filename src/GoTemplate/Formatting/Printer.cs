using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Formatting;

/// <summary>Go's fmt over our values: print, println, printf, and what an action prints.</summary>
internal sealed partial class Printer(ByteBuilder output)
{
    private FormatFlags flags;

    public static GoString Sprint(ExecutionBudget budget, IReadOnlyList<GoValue> operands)
    {
        var builder = new ByteBuilder(budget);
        new Printer(builder).Print(operands);
        return builder.ToGoString();
    }

    public static GoString Sprint(ExecutionBudget budget, GoValue operand) => operand as GoString ?? Sprint(budget, [operand]);

    /// <summary>A blank between two operands when neither is a string.</summary>
    public void Print(IReadOnlyList<GoValue> operands)
    {
        var previousIsString = false;
        for (var i = 0; i < operands.Count; i++)
        {
            var isString = operands[i].Kind == GoKind.String;
            if (i > 0 && !isString && !previousIsString)
            {
                output.Append(' ');
            }

            PrintOperand(operands[i], 'v');
            previousIsString = isString;
        }
    }

    public void PrintLine(IReadOnlyList<GoValue> operands)
    {
        for (var i = 0; i < operands.Count; i++)
        {
            if (i > 0)
            {
                output.Append(' ');
            }

            PrintOperand(operands[i], 'v');
        }

        output.Append('\n');
    }

    private void PrintOperand(GoValue value, int verb)
    {
        if (verb == 'T')
        {
            PadText(value is GoNil ? "<nil>" : value.Type.Name);
        }
        else if (value is not GoNil)
        {
            PrintValue(value, verb);
        }
        else if (verb == 'v')
        {
            PadText("<nil>");
        }
        else
        {
            BadVerb(value, verb);
        }
    }

    private void PrintValue(GoValue value, int verb)
    {
        DeepStack.CheckNesting();
        if (!flags.SharpV && verb is 'v' or 's' or 'x' or 'X' or 'q' && GoMethods.StringOf(value) is { } text)
        {
            PrintString(value, text, verb);
            return;
        }

        switch (value)
        {
            case GoNil:
                output.Append(flags.SharpV ? "interface {}(nil)" : "<nil>");
                break;
            case GoBool:
                PrintBool(value, verb);
                break;
            case GoInt number:
                PrintInteger(value, unchecked((ulong)number.Value), true, verb);
                break;
            case GoUint number:
                PrintInteger(value, number.Value, false, verb);
                break;
            case GoFloat number:
                PrintFloat(value, number.Value, verb);
                break;
            case GoComplex number:
                PrintComplex(number, verb);
                break;
            case GoString s:
                PrintString(value, s, verb);
                break;
            case GoList list:
                PrintList(list, verb);
                break;
            case GoMap map:
                PrintMap(map, verb);
                break;
            default:
                PrintStruct(value, verb);
                break;
        }
    }

    private void PrintElement(GoValue value, int verb) => PrintValue(value, verb);

    private void PrintList(GoList list, int verb)
    {
        if (list.Type == GoType.Bytes && verb is 's' or 'q' or 'x' or 'X')
        {
            PrintString(list, GoMethods.BytesOf(list), verb);
            return;
        }

        if (flags.SharpV)
        {
            output.Append(list.Type.Name);
            if (list.IsNilSlice)
            {
                output.Append("(nil)");
                return;
            }
        }

        output.Append(flags.SharpV ? '{' : '[');
        for (var i = 0; i < list.Count; i++)
        {
            if (i > 0)
            {
                output.Append(flags.SharpV ? ", " : " ");
            }

            PrintElement(list.Items[i], verb);
        }

        output.Append(flags.SharpV ? '}' : ']');
    }

    private void PrintMap(GoMap map, int verb)
    {
        output.Append(flags.SharpV ? map.Type.Name + "{" : "map[");
        var first = true;
        foreach (var (key, element) in map.Sorted())
        {
            if (!first)
            {
                output.Append(flags.SharpV ? ", " : " ");
            }

            first = false;
            PrintElement(key, verb);
            output.Append(':');
            PrintElement(element, verb);
        }

        output.Append(flags.SharpV ? '}' : ']');
    }

    /// <summary>Structs whose fields a template may see; of the others only the type's name is printed.</summary>
    private void PrintStruct(GoValue value, int verb)
    {
        if (value is not GoCertificate certificate)
        {
            output.Append($"{{{value.Type.Name}}}");
            return;
        }

        var named = flags.SharpV || flags.PlusV;
        output.Append(flags.SharpV ? value.Type.Name + "{" : "{");
        output.Append(named ? "Cert:" : "");
        PrintElement(certificate.Certificate, verb);
        output.Append(flags.SharpV ? ", " : " ");
        output.Append(named ? "Key:" : "");
        PrintElement(certificate.Key, verb);
        output.Append('}');
    }

    private void BadVerb(GoValue value, int verb)
    {
        output.Append("%!");
        output.AppendRune(verb);
        if (value is GoNil)
        {
            output.Append("(<nil>)");
            return;
        }

        output.Append($"({value.Type.Name}=");
        PrintValue(value, 'v');
        output.Append(')');
    }
}
