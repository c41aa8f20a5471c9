using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace GitOpsSecrets.Sealing.Rsa;

/// <summary>
/// OAEP with a label through libcrypto's EVP interface. .NET's own RSA has no label, but it lends its key handle; the label is set by
/// twelve imports. Every function here is a real export of OpenSSL 3 (in 1.1 some were macros), hence the check of the version.
/// OpenSSL does blinding, constant-time unpadding and locking of the shared key by itself; each operation has its own context.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe partial class OpenSslOaep : IOaepDecryptor
{
    private const string LibCrypto = "libcrypto.so.3";
    private const int RsaPkcs1OaepPadding = 4;
    private const int SupportedMajor = 3;

    private readonly RSAOpenSsl rsa;
    private readonly SafeEvpPKeyHandle key;

    private OpenSslOaep(RSAOpenSsl rsa, SafeEvpPKeyHandle key)
    {
        this.rsa = rsa;
        this.key = key;
    }

    /// <summary>The version as people write it, for example <c>3.0.19</c>; <c>null</c> where this backend cannot be used.</summary>
    public static string? Version()
    {
        if (!OperatingSystem.IsLinux()) return null;
        // The handle's static asks the library that .NET loaded; ours must be that very one, or key handles would cross libraries.
        var version = SafeEvpPKeyHandle.OpenSslVersion;
        if (version >> 28 != SupportedMajor || !NativeLibrary.TryLoad(LibCrypto, out _)) return null;
        return $"{version >> 28}.{(version >> 20) & 0xFF}.{(version >> 4) & 0xFF}";
    }

    /// <param name="pkcs1">DER of an RSAPrivateKey (RFC 8017 §A.1.2). The caller zeroes it.</param>
    /// <exception cref="CryptographicException">The numbers are not those of an RSA key.</exception>
    public static OpenSslOaep Load(ReadOnlySpan<byte> pkcs1)
    {
        var rsa = new RSAOpenSsl();
        try
        {
            rsa.ImportRSAPrivateKey(pkcs1, out _);
            return new OpenSslOaep(rsa, rsa.DuplicateKeyHandle());
        }
        catch
        {
            rsa.Dispose();
            throw;
        }
    }

    public bool TryDecrypt(ReadOnlySpan<byte> block, ReadOnlySpan<byte> label, Span<byte> message, out int written)
    {
        written = 0;
        var held = false;
        nint context = 0;
        try
        {
            // Throws when disposed, and keeps the key alive while OpenSSL works on it.
            key.DangerousAddRef(ref held);
            context = EVP_PKEY_CTX_new(key.DangerousGetHandle(), 0);
            if (context == 0 || !Prepare(context, label)) throw new CryptographicException("OpenSSL refused to set up RSA-OAEP");
            nuint size = (nuint)message.Length;
            int result;
            fixed (byte* output = message)
            fixed (byte* input = block)
                result = EVP_PKEY_decrypt(context, output, &size, input, (nuint)block.Length);
            if (result == 1)
            {
                written = (int)size;
                return true;
            }
            CryptographicOperations.ZeroMemory(message);
            return false;
        }
        finally
        {
            if (context != 0) EVP_PKEY_CTX_free(context);
            if (held) key.DangerousRelease();
            // A failure leaves entries in this thread's queue, which the next user of OpenSSL here would take for its own.
            ERR_clear_error();
        }
    }

    public void Dispose()
    {
        key.Dispose();
        rsa.Dispose();
    }

    private static bool Prepare(nint context, ReadOnlySpan<byte> label)
    {
        var sha256 = EVP_sha256();
        return EVP_PKEY_decrypt_init(context) == 1
            && EVP_PKEY_CTX_set_rsa_padding(context, RsaPkcs1OaepPadding) == 1
            && EVP_PKEY_CTX_set_rsa_oaep_md(context, sha256) == 1
            && EVP_PKEY_CTX_set_rsa_mgf1_md(context, sha256) == 1
            && SetLabel(context, label);
    }

    /// <summary>libcrypto owns the label once it took it, so the memory must be its own.</summary>
    private static bool SetLabel(nint context, ReadOnlySpan<byte> label)
    {
        if (label.IsEmpty) return true;
        var memory = CRYPTO_malloc((nuint)label.Length, null, 0);
        if (memory == null) return false;
        label.CopyTo(new Span<byte>(memory, label.Length));
        if (EVP_PKEY_CTX_set0_rsa_oaep_label(context, memory, label.Length) == 1) return true;
        CRYPTO_free(memory, null, 0);
        return false;
    }

    [LibraryImport(LibCrypto)]
    private static partial nint EVP_PKEY_CTX_new(nint key, nint engine);

    [LibraryImport(LibCrypto)]
    private static partial void EVP_PKEY_CTX_free(nint context);

    [LibraryImport(LibCrypto)]
    private static partial int EVP_PKEY_decrypt_init(nint context);

    [LibraryImport(LibCrypto)]
    private static partial int EVP_PKEY_CTX_set_rsa_padding(nint context, int padding);

    [LibraryImport(LibCrypto)]
    private static partial int EVP_PKEY_CTX_set_rsa_oaep_md(nint context, nint digest);

    [LibraryImport(LibCrypto)]
    private static partial int EVP_PKEY_CTX_set_rsa_mgf1_md(nint context, nint digest);

    [LibraryImport(LibCrypto)]
    private static partial int EVP_PKEY_CTX_set0_rsa_oaep_label(nint context, void* label, int length);

    [LibraryImport(LibCrypto)]
    private static partial int EVP_PKEY_decrypt(nint context, byte* output, nuint* outputSize, byte* input, nuint inputSize);

    [LibraryImport(LibCrypto)]
    private static partial nint EVP_sha256();

    [LibraryImport(LibCrypto)]
    private static partial void* CRYPTO_malloc(nuint size, byte* file, int line);

    [LibraryImport(LibCrypto)]
    private static partial void CRYPTO_free(void* memory, byte* file, int line);

    [LibraryImport(LibCrypto)]
    private static partial void ERR_clear_error();
}
