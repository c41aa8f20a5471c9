using System.Globalization;
using System.Numerics;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;

namespace GitOpsSecrets.GoTemplate.Functions.Numbers;

/// <summary>value × 10^exponent (shopspring/decimal).</summary>
internal readonly record struct BigDecimal(BigInteger Value, int Exponent)
{
    /// <summary>Decimal places a quotient keeps.</summary>
    private const int DivisionPlaces = 16;

    /// <summary>Beyond any product of a template's worth of floats; keeps one operation cheap.</summary>
    private const int MaxExponent = 100_000;

    public static BigDecimal Of(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new FunctionException($"Cannot create a Decimal from {FloatText.Format(value, 'g', -1)}");
        }

        var digits = DecimalDigits.Shortest(Math.Abs(value));
        var number = digits.Digits.Length == 0 ? BigInteger.Zero : BigInteger.Parse(digits.Digits, CultureInfo.InvariantCulture);
        return new(value < 0 ? -number : number, digits.Point - digits.Digits.Length);
    }

    public static BigDecimal Add(BigDecimal a, BigDecimal b)
    {
        var exponent = Math.Min(a.Exponent, b.Exponent);
        return new(a.Rescale(exponent) + b.Rescale(exponent), exponent);
    }

    public static BigDecimal Subtract(BigDecimal a, BigDecimal b) => Add(a, new(-b.Value, b.Exponent));

    public static BigDecimal Multiply(BigDecimal a, BigDecimal b)
    {
        var exponent = a.Exponent + b.Exponent;
        return Math.Abs(exponent) <= MaxExponent ? new(a.Value * b.Value, exponent) : throw new LimitExceededException("decimal out of range");
    }

    /// <summary>16 places, half away from zero.</summary>
    public static BigDecimal Divide(BigDecimal a, BigDecimal b)
    {
        if (b.Value.IsZero)
        {
            throw new FunctionException("decimal division by 0");
        }

        // a.Value·10^shift / b.Value counts units of 10^-16.
        var shift = a.Exponent - b.Exponent + DivisionPlaces;
        var numerator = shift > 0 ? a.Value * BigInteger.Pow(10, shift) : a.Value;
        var denominator = shift < 0 ? b.Value * BigInteger.Pow(10, -shift) : b.Value;
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        if (BigInteger.Abs(remainder) * 2 >= BigInteger.Abs(denominator))
        {
            quotient += numerator.Sign * denominator.Sign;
        }

        return new(quotient, -DivisionPlaces);
    }

    public double ToDouble() => double.Parse(string.Create(CultureInfo.InvariantCulture, $"{Value}E{Exponent}"), CultureInfo.InvariantCulture);

    private BigInteger Rescale(int exponent) => Value * BigInteger.Pow(10, Exponent - exponent);
}
