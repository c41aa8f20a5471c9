using System.Security.Cryptography;

namespace GitOpsSecrets.Sops.Values;

/// <summary>The 32 random bytes that encrypt every value of one file. Zeroed on disposal; mute in <see cref="ToString"/>.</summary>
internal sealed class DataKey : IDisposable
{
    public const int Size = 32;

    private readonly byte[] _bytes;

    /// <param name="bytes">Copied; 32 bytes.</param>
    public DataKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) throw new ArgumentException("A data key has 32 bytes.", nameof(bytes));
        _bytes = bytes.ToArray();
    }

    public ReadOnlySpan<byte> Bytes => _bytes;

    public static DataKey Generate()
    {
        Span<byte> bytes = stackalloc byte[Size];
        RandomNumberGenerator.Fill(bytes);
        try
        {
            return new DataKey(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    public override string ToString() => nameof(DataKey);
}
