using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Numbers;

/// <summary>Integers: 64 bits that wrap around, from whatever can be read as one.</summary>
internal static class IntegerFunctions
{
    public static GoFunction[] All { get; } =
    [
        new("add", "...any", call => Fold(call, 0, (a, b) => unchecked(a + b))),
        new("add1", "any", call => GoInt.Of64(unchecked(Number(call, 0) + 1))),
        new("sub", "any, any", call => GoInt.Of64(unchecked(Number(call, 0) - Number(call, 1)))),
        new("mul", "any, ...any", call => Fold(call, 1, (a, b) => unchecked(a * b))),
        new("div", "any, any", call => GoInt.Of64(Divide(Number(call, 0), Number(call, 1)))),
        new("mod", "any, any", call => GoInt.Of64(Remainder(Number(call, 0), Number(call, 1)))),
        new("max", "any, ...any", call => Fold(call, long.MinValue, Math.Max)),
        new("biggest", "any, ...any", call => Fold(call, long.MinValue, Math.Max)),
        new("min", "any, ...any", call => Fold(call, long.MaxValue, Math.Min)),
        new("int", "any", call => GoInt.Of(Number(call, 0))),
        new("int64", "any", call => GoInt.Of64(Number(call, 0))),
        new("atoi", "string", call => GoInt.Of(Atoi(call.Text(0).ToText()))),
        new("toDecimal", "any", call => GoInt.Of64(NumberText.ParseSigned(Printer.Sprint(call.Budget, call[0]).ToText(), 8) ?? 0)),
        new("until", "int", call => Ints(call, 0, call.Int(0), call.Int(0) < 0 ? -1 : 1)),
        new("untilStep", "int, int, int", call => Ints(call, call.Int(0), call.Int(1), call.Int(2))),
        new("seq", "...int", Sequence),
    ];

    private static long Number(Call call, int index) => Casts.ToInt64(call.Budget, call[index]);

    private static GoInt Fold(Call call, long start, Func<long, long, long> combine)
    {
        foreach (var value in call.All)
        {
            start = combine(start, Casts.ToInt64(call.Budget, value));
        }

        return GoInt.Of64(start);
    }

    private static long Divide(long a, long b) => b switch
    {
        0 => throw new FunctionException("runtime error: integer divide by zero"),
        -1 => unchecked(-a),
        _ => a / b,
    };

    private static long Remainder(long a, long b) => b switch
    {
        0 => throw new FunctionException("runtime error: integer divide by zero"),
        -1 => 0,
        _ => a % b,
    };

    /// <summary>Decimal only; what is too large becomes the largest.</summary>
    private static long Atoi(string text)
    {
        var digits = text.AsSpan().TrimStart("+-");
        if (text.Length - digits.Length > 1 || digits.IsEmpty || digits.IndexOfAnyExceptInRange('0', '9') >= 0)
        {
            return 0;
        }

        return NumberText.ParseSigned(text, 10) ?? (text[0] == '-' ? long.MinValue : long.MaxValue);
    }

    private static GoList Ints(Call call, long start, long stop, long step)
    {
        var items = new List<GoValue>();
        foreach (var number in Steps(start, stop, step))
        {
            call.Budget.AllocateItems(1);
            items.Add(GoInt.Of(number));
        }

        return new GoList(GoType.IntList, items);
    }

    private static IEnumerable<long> Steps(long start, Int128 stop, long step)
    {
        if ((stop < start && step >= 0) || (stop >= start && step <= 0))
        {
            yield break;
        }

        for (Int128 i = start; stop < start ? i > stop : i < stop; i += step)
        {
            yield return (long)i;
        }
    }

    private static GoString Sequence(Call call)
    {
        var (start, step, end) = call.Count switch
        {
            1 => (1, call.Int(0) < 1 ? -1 : 1, call.Int(0)),
            2 => (call.Int(0), call.Int(1) < call.Int(0) ? -1 : 1, call.Int(1)),
            3 => (call.Int(0), call.Int(1), call.Int(2)),
            _ => (0, 0, 0),
        };
        if (step == 0 || (end < start && step > 0))
        {
            return GoString.Empty;
        }

        var builder = new ByteBuilder(call.Budget);
        foreach (var number in Steps(start, end < start ? (Int128)end - 1 : (Int128)end + 1, step))
        {
            call.Budget.Step();
            builder.Append(builder.Length > 0 ? " " : "");
            builder.Append(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return builder.ToGoString();
    }
}
