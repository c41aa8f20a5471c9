using System.Globalization;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>Chance, from the execution's source of random bytes.</summary>
internal static class RandomFunctions
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Digits = "0123456789";
    private const string Printable = " !\"#$%&'()*+,-./" + Digits + ":;<=>?@" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "[\\]^_`" + "abcdefghijklmnopqrstuvwxyz" + "{|}~";

    public static GoFunction[] All { get; } =
    [
        new("randAlpha", "int", call => Text(call, Letters)),
        new("randAlphaNum", "int", call => Text(call, Letters + Digits)),
        new("randNumeric", "int", call => Text(call, Digits)),
        new("randAscii", "int", call => Text(call, Printable)),
        new("randBytes", "int", Bytes),
        new("randInt", "int, int", Integer),
        new("shuffle", "string", Shuffle),
        new("uuidv4", "", Uuid),
    ];

    /// <summary>A number below a bound, every one equally likely.</summary>
    public static ulong Below(FunctionContext context, ulong bound)
    {
        Span<byte> buffer = stackalloc byte[8];
        var unbiased = ulong.MaxValue - (ulong.MaxValue % bound);
        while (true)
        {
            context.Random(buffer);
            var value = BitConverter.ToUInt64(buffer);
            if (value < unbiased)
            {
                return value % bound;
            }
        }
    }

    private static GoString Text(Call call, string alphabet)
    {
        var builder = new ByteBuilder(call.Budget);
        for (long i = 0; i < call.Int(0); i++)
        {
            call.Budget.Step();
            builder.Append(alphabet[(int)Below(call.Context, (ulong)alphabet.Length)]);
        }

        return builder.ToGoString();
    }

    private static GoString Bytes(Call call)
    {
        if (call.Int(0) < 0)
        {
            throw new FunctionException("runtime error: makeslice: len out of range");
        }

        call.Budget.Allocate(call.Int(0));
        var bytes = new byte[call.Int(0)];
        call.Context.Random(bytes);
        return GoString.Of(Convert.ToBase64String(bytes));
    }

    private static GoInt Integer(Call call)
    {
        var (min, max) = (call.Int(0), call.Int(1));
        var width = unchecked(max - min);
        return width > 0 ? GoInt.Of(unchecked(min + (long)Below(call.Context, (ulong)width))) : throw new FunctionException("invalid argument to Intn");
    }

    private static GoString Shuffle(Call call)
    {
        var runes = Runes.All(call.Text(0).Span);
        for (var i = runes.Count - 1; i > 0; i--)
        {
            call.Budget.Step();
            var j = (int)Below(call.Context, (ulong)i + 1);
            (runes[i], runes[j]) = (runes[j], runes[i]);
        }

        return Runes.Join(runes);
    }

    private static GoString Uuid(Call call)
    {
        var bytes = new byte[16];
        call.Context.Random(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return GoString.Of(new Guid(bytes, bigEndian: true).ToString("D", CultureInfo.InvariantCulture));
    }
}
