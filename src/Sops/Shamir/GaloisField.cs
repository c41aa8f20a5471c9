namespace GitOpsSecrets.Sops.Shamir;

/// <summary>GF(2^8) with AES's polynomial x^8 + x^4 + x^3 + x + 1. Without tables or branches on secrets, for the time it takes tells nothing.</summary>
internal static class GaloisField
{
    public static byte Multiply(byte a, byte b)
    {
        var result = 0;
        int factor = a;
        for (var bit = 0; bit < 8; bit++)
        {
            result ^= -((b >> bit) & 1) & factor;
            factor = (factor << 1) ^ (-((factor >> 7) & 1) & 0x11B);
        }
        return (byte)(result & 0xFF);
    }

    /// <param name="a">Dividend.</param>
    /// <param name="b">Not zero.</param>
    public static byte Divide(byte a, byte b)
    {
        // b^254 is the inverse: the group has 255 elements.
        byte inverse = 1;
        for (var bit = 7; bit >= 0; bit--)
        {
            inverse = Multiply(inverse, inverse);
            if (((254 >> bit) & 1) == 1) inverse = Multiply(inverse, b);
        }
        return Multiply(a, inverse);
    }
}
