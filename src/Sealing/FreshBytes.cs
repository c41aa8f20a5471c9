using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace GitOpsSecrets.Sealing;

/// <summary>
/// Random bytes for session keys and OAEP seeds. On Linux straight from the kernel, getrandom(2): .NET's generator comes from OpenSSL,
/// and loading that takes a one-shot <c>seal</c> longer (3 ms) than all its cryptography. Elsewhere, and should the call ever fail,
/// .NET's generator.
/// </summary>
internal static unsafe partial class FreshBytes
{
    public static void Fill(Span<byte> bytes)
    {
        if (!OperatingSystem.IsLinux() || !TryFillFromKernel(bytes)) RandomNumberGenerator.Fill(bytes);
    }

    /// <summary>Flags 0: the same pool as /dev/urandom, and it waits, once after boot, until that is seeded. A signal may cut an answer short.</summary>
    [SupportedOSPlatform("linux")]
    private static bool TryFillFromKernel(Span<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                nint got;
                fixed (byte* target = bytes) got = getrandom(target, (nuint)bytes.Length, 0);
                if (got <= 0) return false;
                bytes = bytes[(int)got..];
            }
            return true;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint getrandom(byte* buffer, nuint size, uint flags);
}
