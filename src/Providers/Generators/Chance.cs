using System.Buffers.Binary;
using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Generators;

/// <summary>Numbers from a source of chance, each as likely as the others.</summary>
internal static class Chance
{
    /// <summary>A whole number from 0 to below the limit.</summary>
    /// <param name="limit">At least 1.</param>
    public static int Below(RandomNumberGenerator random, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);

        // A plain remainder would prefer small numbers, since 2^32 is seldom a multiple of the limit: what is above the last multiple is drawn again.
        var end = (1UL << 32) - ((1UL << 32) % (ulong)limit);
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        uint drawn;
        do
        {
            random.GetBytes(bytes);
            drawn = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }
        while (drawn >= end);

        CryptographicOperations.ZeroMemory(bytes);
        return (int)(drawn % (uint)limit);
    }
}
