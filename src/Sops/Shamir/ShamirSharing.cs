using System.Security.Cryptography;

namespace GitOpsSecrets.Sops.Shamir;

/// <summary>
/// Shamir's secret sharing byte by byte over GF(2^8), as SOPS (and Vault, where it comes from) lays it out: a share is the y values, one for
/// each byte of the secret, then its x. Any <c>threshold</c> shares give the secret, fewer say nothing about it; shares do not prove
/// themselves, so wrong ones give a wrong secret.
/// </summary>
internal static class ShamirSharing
{
    public const int MaxShares = 255;

    /// <param name="secret">Any length.</param>
    /// <param name="count">2 to 255.</param>
    /// <param name="threshold">2 to <paramref name="count"/>.</param>
    /// <exception cref="SopsException"><see cref="SopsFailure.Metadata"/>: the numbers do not fit.</exception>
    public static IReadOnlyList<byte[]> Split(ReadOnlySpan<byte> secret, int count, int threshold)
    {
        if (count > MaxShares || threshold < 2 || threshold > count) throw new SopsException(SopsFailure.Metadata, $"shamir_threshold: not from 2 to the {count} key groups");
        var shares = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            shares[i] = new byte[secret.Length + 1];
            // x = 0 would be the secret itself.
            shares[i][^1] = (byte)(i + 1);
        }
        var coefficients = new byte[threshold];
        for (var at = 0; at < secret.Length; at++)
        {
            RandomNumberGenerator.Fill(coefficients);
            coefficients[0] = secret[at];
            foreach (var share in shares) share[at] = Evaluate(coefficients, share[^1]);
        }
        CryptographicOperations.ZeroMemory(coefficients);
        return shares;
    }

    /// <summary>Interpolates all shares at zero.</summary>
    /// <exception cref="SopsException"><see cref="SopsFailure.DataKey"/>: fewer than two, of different lengths, or two with the same x.</exception>
    public static byte[] Combine(IReadOnlyList<byte[]> shares)
    {
        if (shares.Count < 2) throw Broken("fewer than two");
        var length = shares[0].Length;
        if (length < 2 || shares.Any(s => s.Length != length)) throw Broken("of different lengths");
        if (shares.Any(s => s[^1] == 0) || shares.Select(s => s[^1]).Distinct().Count() != shares.Count) throw Broken("with the same number, or the number 0");
        var secret = new byte[length - 1];
        for (var i = 0; i < shares.Count; i++)
        {
            var weight = WeightAtZero(shares, i);
            for (var at = 0; at < secret.Length; at++) secret[at] ^= GaloisField.Multiply(shares[i][at], weight);
        }
        return secret;
    }

    /// <summary>Lagrange's basis polynomial of one share at zero: the product of x_j / (x_i − x_j).</summary>
    private static byte WeightAtZero(IReadOnlyList<byte[]> shares, int index)
    {
        byte weight = 1;
        for (var j = 0; j < shares.Count; j++)
        {
            if (j == index) continue;
            var difference = (byte)(shares[index][^1] ^ shares[j][^1]);
            weight = GaloisField.Multiply(weight, GaloisField.Divide(shares[j][^1], difference));
        }
        return weight;
    }

    private static byte Evaluate(ReadOnlySpan<byte> coefficients, byte x)
    {
        byte result = 0;
        for (var i = coefficients.Length - 1; i >= 0; i--) result = (byte)(GaloisField.Multiply(result, x) ^ coefficients[i]);
        return result;
    }

    private static SopsException Broken(string problem) => new(SopsFailure.DataKey, "shares of the data key: " + problem);
}
