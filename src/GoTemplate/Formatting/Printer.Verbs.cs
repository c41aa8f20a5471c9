using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Formatting;

/// <summary>printf: the format string.</summary>
internal sealed partial class Printer
{
    /// <summary>Go's bound on widths and precisions.</summary>
    private const int MaxNumber = 1_000_000;

    private bool reordered;
    private bool goodIndex;

    public static GoString Sprintf(ExecutionBudget budget, GoString format, ReadOnlySpan<GoValue> operands)
    {
        var builder = new ByteBuilder(budget);
        new Printer(builder).Printf(format.Span, operands);
        return builder.ToGoString();
    }

    private void Printf(ReadOnlySpan<byte> format, ReadOnlySpan<GoValue> operands)
    {
        var next = 0;
        var i = 0;
        while (i < format.Length)
        {
            var percent = format[i..].IndexOf((byte)'%');
            if (percent < 0)
            {
                output.Append(format[i..]);
                break;
            }

            output.Append(format.Slice(i, percent));
            i += percent + 1;
            goodIndex = true;
            Verb(format, ref i, operands, ref next);
        }

        if (!reordered && next < operands.Length)
        {
            Extra(operands[next..]);
        }
    }

    private void Verb(ReadOnlySpan<byte> format, ref int i, ReadOnlySpan<GoValue> operands, ref int next)
    {
        flags = default;
        i = ReadFlags(format, i);
        var afterIndex = ReadIndex(format, ref i, ref next, operands.Length);
        ReadWidth(format, ref i, operands, ref next, ref afterIndex);
        ReadPrecision(format, ref i, operands, ref next, ref afterIndex);
        if (!afterIndex)
        {
            ReadIndex(format, ref i, ref next, operands.Length);
        }

        if (i >= format.Length)
        {
            output.Append("%!(NOVERB)");
            return;
        }

        var (verb, width) = Runes.Decode(format[i..]);
        i += width;
        if (verb == '%')
        {
            output.Append('%');
        }
        else if (!goodIndex)
        {
            VerbError(verb, "(BADINDEX)");
        }
        else if (next >= operands.Length)
        {
            VerbError(verb, "(MISSING)");
        }
        else
        {
            if (verb == 'v')
            {
                flags = flags with { SharpV = flags.Sharp, Sharp = false, PlusV = flags.Plus, Plus = false };
            }

            PrintOperand(operands[next++], verb);
        }
    }

    private void VerbError(int verb, string what)
    {
        output.Append("%!");
        output.AppendRune(verb);
        output.Append(what);
    }

    private int ReadFlags(ReadOnlySpan<byte> format, int i)
    {
        for (; i < format.Length; i++)
        {
            switch (format[i])
            {
                case (byte)'#':
                    flags.Sharp = true;
                    break;
                case (byte)'0':
                    flags.Zero = true;
                    break;
                case (byte)'+':
                    flags.Plus = true;
                    break;
                case (byte)'-':
                    flags.Minus = true;
                    break;
                case (byte)' ':
                    flags.Space = true;
                    break;
                default:
                    return i;
            }
        }

        return i;
    }

    private void ReadWidth(ReadOnlySpan<byte> format, ref int i, ReadOnlySpan<GoValue> operands, ref int next, ref bool afterIndex)
    {
        if (i < format.Length && format[i] == '*')
        {
            i++;
            afterIndex = false;
            flags.Width = IntegerOperand(operands, ref next);
            if (flags.Width is null)
            {
                output.Append("%!(BADWIDTH)");
            }
            else if (flags.Width < 0)
            {
                flags = flags with { Width = -flags.Width, Minus = true, Zero = false };
            }

            return;
        }

        flags.Width = Number(format, ref i, format.Length);
        goodIndex &= !(afterIndex && flags.Width is not null);
    }

    private void ReadPrecision(ReadOnlySpan<byte> format, ref int i, ReadOnlySpan<GoValue> operands, ref int next, ref bool afterIndex)
    {
        if (i >= format.Length || format[i] != '.')
        {
            return;
        }

        i++;
        goodIndex &= !afterIndex;
        afterIndex = ReadIndex(format, ref i, ref next, operands.Length);
        if (i >= format.Length || format[i] != '*')
        {
            flags.Precision = Number(format, ref i, format.Length) ?? 0;
            return;
        }

        i++;
        afterIndex = false;
        flags.Precision = IntegerOperand(operands, ref next);
        if (flags.Precision is null or < 0)
        {
            flags.Precision = null;
            output.Append("%!(BADPREC)");
        }
    }

    /// <summary>Reads <c>[3]</c>, if there.</summary>
    private bool ReadIndex(ReadOnlySpan<byte> format, ref int i, ref int next, int count)
    {
        if (i >= format.Length || format[i] != '[')
        {
            return false;
        }

        reordered = true;
        var close = format[i..].IndexOf((byte)']');
        if (close < 0 || format.Length - i < 3)
        {
            i++;
            goodIndex = false;
            return false;
        }

        var at = i + 1;
        var number = Number(format, ref at, i + close);
        var complete = number is not null && at == i + close;
        i += close + 1;
        if (complete && number >= 1 && number <= count)
        {
            next = number.Value - 1;
            return true;
        }

        goodIndex = false;
        return complete;
    }

    private static int? Number(ReadOnlySpan<byte> format, ref int i, int end)
    {
        int? number = null;
        for (; i < end && char.IsAsciiDigit((char)format[i]); i++)
        {
            number = ((number ?? 0) * 10) + format[i] - '0';
            if (number > MaxNumber)
            {
                i = end;
                return null;
            }
        }

        return number;
    }

    private static int? IntegerOperand(ReadOnlySpan<GoValue> operands, ref int next)
    {
        if (next >= operands.Length)
        {
            return null;
        }

        return operands[next++] switch
        {
            GoInt { Value: >= -MaxNumber and <= MaxNumber } number => (int)number.Value,
            GoUint { Value: <= MaxNumber } number => (int)number.Value,
            _ => null,
        };
    }

    private void Extra(ReadOnlySpan<GoValue> operands)
    {
        flags = default;
        output.Append("%!(EXTRA ");
        for (var i = 0; i < operands.Length; i++)
        {
            output.Append(i > 0 ? ", " : "");
            if (operands[i] is not GoNil)
            {
                output.Append(operands[i].Type.Name + "=");
            }

            PrintOperand(operands[i], 'v');
        }

        output.Append(')');
    }
}
