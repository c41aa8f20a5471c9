using System.Numerics;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>
/// Blowfish with the set-up that bcrypt needs, in which a salt takes part; libraries offer it only as part of a password hash. Its tables
/// begin as the digits of π, so they are computed: 1042 numbers that nobody can check by eye would be worse.
/// </summary>
internal sealed class Blowfish
{
    private const int Subkeys = 18;
    private const int BoxEntries = 4 * 256;

    private static readonly Lazy<uint[]> Start = new(FractionOfPi);

    private readonly uint[] _table = [.. Start.Value];

    /// <summary>Works key and salt into the tables; an empty salt counts as zeros.</summary>
    public void Expand(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        var at = 0;
        for (var i = 0; i < Subkeys; i++) _table[i] ^= Next(key, ref at);
        at = 0;
        uint left = 0, right = 0;
        for (var i = 0; i < Subkeys + BoxEntries; i += 2)
        {
            if (!salt.IsEmpty)
            {
                left ^= Next(salt, ref at);
                right ^= Next(salt, ref at);
            }
            Encrypt(ref left, ref right);
            _table[i] = left;
            _table[i + 1] = right;
        }
    }

    public void Encrypt(ref uint left, ref uint right)
    {
        for (var i = 0; i < 16; i++)
        {
            left ^= _table[i];
            right ^= Round(left);
            (left, right) = (right, left);
        }
        (left, right) = (right ^ _table[17], left ^ _table[16]);
    }

    private uint Round(uint half)
    {
        var boxes = _table.AsSpan(Subkeys);
        return unchecked(((boxes[(int)(half >> 24)] + boxes[256 + (int)((half >> 16) & 0xFF)]) ^ boxes[512 + (int)((half >> 8) & 0xFF)]) + boxes[768 + (int)(half & 0xFF)]);
    }

    // Four bytes, round and round.
    private static uint Next(ReadOnlySpan<byte> bytes, ref int at)
    {
        uint word = 0;
        for (var i = 0; i < 4; i++)
        {
            word = (word << 8) | bytes[at];
            at = (at + 1) % bytes.Length;
        }
        return word;
    }

    /// <summary>The first 1042 words behind the point of π in binary, by Machin's formula: π = 16 arctan(1/5) − 4 arctan(1/239).</summary>
    private static uint[] FractionOfPi()
    {
        const int Words = Subkeys + BoxEntries;
        const int Guard = 64;
        var one = BigInteger.One << ((Words * 32) + Guard);
        var pi = (16 * InverseTangent(one, 5)) - (4 * InverseTangent(one, 239));
        var fraction = (pi - (3 * one)) >> Guard;
        var words = new uint[Words];
        for (var i = Words - 1; i >= 0; i--)
        {
            words[i] = (uint)(fraction & uint.MaxValue);
            fraction >>= 32;
        }
        return words;
    }

    private static BigInteger InverseTangent(BigInteger one, int denominator)
    {
        var square = denominator * denominator;
        var power = one / denominator;
        var sum = BigInteger.Zero;
        for (var k = 1; !power.IsZero; k += 2)
        {
            sum += k % 4 == 1 ? power / k : -(power / k);
            power /= square;
        }
        return sum;
    }
}
