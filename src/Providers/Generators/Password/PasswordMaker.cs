using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Providers.Generators.Password;

/// <summary>Makes one password of a plan without problems. Each character of a kind, and each order, is as likely as the others.</summary>
internal sealed class PasswordMaker(PasswordPlan plan, RandomNumberGenerator random) : IDisposable
{
    private readonly Rune[] chosen = new Rune[plan.Length];
    private int count;

    /// <summary>As UTF-8; the caller's to zero. To be called once.</summary>
    public byte[] Make()
    {
        Take(plan.Symbols);
        Take(plan.Digits);
        Take(plan.Letters);
        Shuffle();

        var bytes = new byte[chosen.Sum(character => character.Utf8SequenceLength)];
        var rest = bytes.AsSpan();
        foreach (var character in chosen) rest = rest[character.EncodeToUtf8(rest)..];
        return bytes;
    }

    public void Dispose() => Zero(chosen);

    private void Take(PasswordClass kind)
    {
        var soFar = new ArraySegment<Rune>(chosen, 0, count);
        Rune[] pool = plan.AllowRepeat ? [.. kind.Pool] : [.. kind.Pool.Where(character => !soFar.Contains(character))];
        try
        {
            for (var taken = 0; taken < kind.Count; taken++)
            {
                // Without repetition, what was taken moves to the front, out of reach.
                var first = plan.AllowRepeat ? 0 : taken;
                var pick = first + Chance.Below(random, pool.Length - first);
                chosen[count++] = pool[pick];
                (pool[first], pool[pick]) = (pool[pick], pool[first]);
            }
        }
        finally
        {
            Zero(pool);
        }
    }

    private void Shuffle()
    {
        for (var last = chosen.Length - 1; last > 0; last--)
        {
            var other = Chance.Below(random, last + 1);
            (chosen[last], chosen[other]) = (chosen[other], chosen[last]);
        }
    }

    private static void Zero(Rune[] characters) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(characters.AsSpan()));
}
