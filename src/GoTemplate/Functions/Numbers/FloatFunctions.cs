using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Numbers;

/// <summary>Floats; sums and products go through exact decimals, so that 0.1 + 0.2 is 0.3.</summary>
internal static class FloatFunctions
{
    public static GoFunction[] All { get; } =
    [
        new("float64", "any", call => new GoFloat(Casts.ToFloat64(call[0]))),
        new("ceil", "any", call => new GoFloat(Math.Ceiling(Casts.ToFloat64(call[0])))),
        new("floor", "any", call => new GoFloat(Math.Floor(Casts.ToFloat64(call[0])))),
        new("round", "any, int, ...float64", Round),
        new("maxf", "any, ...any", call => new GoFloat(call.All.Select(Casts.ToFloat64).Aggregate(Math.Max))),
        new("minf", "any, ...any", call => new GoFloat(call.All.Select(Casts.ToFloat64).Aggregate(Math.Min))),
        new("add1f", "any", call => Exact(call, [call[0], GoInt.Of(1)], BigDecimal.Add)),
        new("addf", "...any", call => Exact(call, [GoInt.Of(0), .. call.All], BigDecimal.Add)),
        new("subf", "any, ...any", call => Exact(call, call.All, BigDecimal.Subtract)),
        new("mulf", "any, ...any", call => Exact(call, call.All, BigDecimal.Multiply)),
        new("divf", "any, ...any", call => Exact(call, call.All, BigDecimal.Divide)),
    ];

    private static GoFloat Exact(Call call, GoValue[] operands, Func<BigDecimal, BigDecimal, BigDecimal> combine)
    {
        var result = BigDecimal.Of(Casts.ToFloat64(operands[0]));
        foreach (var operand in operands.AsSpan(1))
        {
            call.Budget.Step(100);
            result = combine(result, BigDecimal.Of(Casts.ToFloat64(operand)));
        }

        return new GoFloat(result.ToDouble());
    }

    private static GoFloat Round(Call call)
    {
        var threshold = call.Count > 2 ? call.Float(2) : .5;
        var power = Math.Pow(10, call.Int(1));
        var scaled = power * Casts.ToFloat64(call[0]);

        // The fraction of a negative number is negative, so it never reaches the threshold: Go's sprig rounds those down.
        var fraction = scaled - Math.Truncate(scaled);
        return new GoFloat((fraction >= threshold ? Math.Ceiling(scaled) : Math.Floor(scaled)) / power);
    }
}
