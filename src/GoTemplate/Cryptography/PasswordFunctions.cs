using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Functions.Encoding;
using GitOpsSecrets.GoTemplate.Values;
using Org.BouncyCastle.Crypto.Generators;

namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>Password hashes, derived passwords, and sprig's AES.</summary>
internal static class PasswordFunctions
{
    private const int BcryptCost = 10;
    private const int MaxBcryptBytes = 72;
    private const int BlockSize = 16;
    private const int KeySize = 32;
    private const string BcryptAlphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Steps one expensive key derivation counts as: a template gets a few hundred, not millions.</summary>
    private const int ExpensiveSteps = 20_000;

    public static GoFunction[] All { get; } =
    [
        new("bcrypt", "string", call => GoString.Of(Bcrypt(call, call.Text(0)))),
        new("derivePassword", "uint32, string, string, string, string", DerivePassword),
        new("encryptAES", "string, string", Encrypt),
        new("decryptAES", "string, string", Decrypt),
    ];

    /// <summary>External Secrets' sprig takes the algorithm, sprig 3.3 does not.</summary>
    public static GoFunction HtpasswdWithAlgorithm { get; } =
        new("htpasswd", "string, string, hash", call => Htpasswd(call, call.Text(2).ToText()));

    public static GoFunction Htpasswd2 { get; } = new("htpasswd", "string, string", call => Htpasswd(call, "bcrypt"));

    private static string Bcrypt(Call call, GoString password)
    {
        if (password.Length > MaxBcryptBytes)
        {
            return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
        }

        call.Budget.Step(ExpensiveSteps);
        var salt = new byte[16];
        call.Context.Random(salt);

        // bcrypt reads a C string: the zero byte at its end belongs to the key.
        byte[] key = [.. password.Span, 0];
        var hash = BCrypt.Generate(key[..Math.Min(key.Length, MaxBcryptBytes)], salt, BcryptCost, addTerminator: false);
        return $"$2a${BcryptCost}${BcryptBase64(salt)}{BcryptBase64(hash.AsSpan(0, 23))}";
    }

    private static string BcryptBase64(ReadOnlySpan<byte> bytes)
    {
        const string standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        return string.Concat(Convert.ToBase64String(bytes).TrimEnd('=').Select(c => BcryptAlphabet[standard.IndexOf(c, StringComparison.Ordinal)]));
    }

    private static GoString Htpasswd(Call call, string algorithm)
    {
        var user = call.Text(0).ToText();
        if (user.Contains(':', StringComparison.Ordinal))
        {
            return GoString.Of($"invalid username: {user}");
        }

#pragma warning disable CA5350 // The format of Apache's password files: the template's author asks for SHA-1 by name.
        var hash = algorithm == "sha" ? "{SHA}" + Convert.ToBase64String(SHA1.HashData(call.Text(1).Span)) : Bcrypt(call, call.Text(1));
#pragma warning restore CA5350
        return GoString.Of($"{user}:{hash}");
    }

    /// <summary>The Master Password algorithm: scrypt of the name, HMAC of site and counter, letters by template.</summary>
    private static GoString DerivePassword(Call call)
    {
        const string scope = "com.lyndir.masterpassword";
        var counter = (uint)((GoUint)call[0]).Value;
        var (kind, password, user, site) = (call.Text(1).ToText(), call.Text(2), call.Text(3), call.Text(4));
        if (MasterPassword.TemplatesOf(kind) is not { } templates)
        {
            return GoString.Of($"cannot find password template {kind}");
        }

        call.Budget.Step(ExpensiveSteps);
        byte[] salt = [.. Encoding.ASCII.GetBytes(scope), .. Length(user.Length), .. user.Span];
        var key = SCrypt.Generate(password.Span.ToArray(), salt, 32768, 8, 2, 64);
        byte[] message = [.. Encoding.ASCII.GetBytes(scope), .. Length(site.Length), .. site.Span, .. Length(counter)];
        var seed = HMACSHA256.HashData(key, message);
        return GoString.Of(MasterPassword.Fill(templates, seed));
    }

    private static byte[] Length(long value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)value);
        return bytes;
    }

    private static Aes NewAes(GoString password)
    {
        var key = new byte[KeySize];
        password.Span[..Math.Min(password.Length, KeySize)].CopyTo(key);
        var aes = Aes.Create();
        aes.Key = key;
        return aes;
    }

    private static GoString Encrypt(Call call)
    {
        if (call.Text(1).Length == 0)
        {
            return GoString.Empty;
        }

        using var aes = NewAes(call.Text(0));
        var vector = new byte[BlockSize];
        call.Context.Random(vector);
        return GoString.Of(Convert.ToBase64String([.. vector, .. aes.EncryptCbc(call.Text(1).Span, vector)]));
    }

    private static GoString Decrypt(Call call)
    {
        if (call.Text(1).Length == 0)
        {
            return GoString.Empty;
        }

        var (bytes, error) = GoBase64.Decode(call.Text(1).Span);
        if (bytes is null)
        {
            throw new FunctionException(error!);
        }

        if (bytes.Length < BlockSize)
        {
            throw new FunctionException($"runtime error: slice bounds out of range [:16] with capacity {bytes.Length.ToString(CultureInfo.InvariantCulture)}");
        }

        if (bytes.Length % BlockSize != 0)
        {
            throw new FunctionException("crypto/cipher: input not full blocks");
        }

        using var aes = NewAes(call.Text(0));
        var plain = aes.DecryptCbc(bytes.AsSpan(BlockSize), bytes.AsSpan(0, BlockSize), PaddingMode.None);

        // The last byte is believed, as in sprig: nothing authenticates this format.
        var padding = plain.Length == 0 ? 0 : plain[^1];
        return padding <= plain.Length
            ? GoString.Of(plain.AsSpan(0, plain.Length - padding))
            : throw new FunctionException($"runtime error: slice bounds out of range [:{plain.Length - padding}]");
    }
}
