using System.Security.Cryptography;

namespace GitOpsSecrets.Sops.Age;

/// <summary>The 16 random bytes from which a file's keys are derived. Zeroed on disposal; mute in <see cref="ToString"/>.</summary>
public sealed class AgeFileKey : IDisposable
{
    internal const int Size = 16;

    private readonly byte[] _bytes;

    /// <param name="bytes">Copied; 16 bytes.</param>
    internal AgeFileKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) throw new ArgumentException("A file key has 16 bytes.", nameof(bytes));
        _bytes = bytes.ToArray();
    }

    internal ReadOnlySpan<byte> Bytes => _bytes;

    internal static AgeFileKey Generate()
    {
        Span<byte> bytes = stackalloc byte[Size];
        RandomNumberGenerator.Fill(bytes);
        try
        {
            return new AgeFileKey(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    public override string ToString() => nameof(AgeFileKey);
}
