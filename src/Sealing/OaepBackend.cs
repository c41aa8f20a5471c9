using System.Runtime.Versioning;
using GitOpsSecrets.Sealing.Rsa;

namespace GitOpsSecrets.Sealing;

/// <summary>
/// Which code does the RSA private operation: OpenSSL 3 where it can be called, BouncyCastle elsewhere. Chosen once, at the first use
/// of a private key; sealing needs neither.
/// </summary>
public static class OaepBackend
{
    private static readonly Lazy<string?> OpenSslVersion = new(ProbeOpenSsl);

    /// <summary>For <c>--version</c> and logs: <c>OpenSSL 3.0.19</c> or <c>BouncyCastle 2.7.0</c>.</summary>
    public static string Name => OpenSslVersion.Value is { } version ? $"OpenSSL {version}" : $"BouncyCastle {BouncyCastleOaep.Version()}";

    /// <summary>Whether the fast backend is in use. Elsewhere a controller should warn: it opens an eighth as many values a second.</summary>
    [UnsupportedOSPlatformGuard("windows")]
    public static bool IsOpenSsl => OpenSslVersion.Value is not null;

    internal static IOaepDecryptor Load(ReadOnlySpan<byte> pkcs1) => IsOpenSsl ? OpenSslOaep.Load(pkcs1) : BouncyCastleOaep.Load(pkcs1);

    private static string? ProbeOpenSsl() => OperatingSystem.IsLinux() ? OpenSslOaep.Version() : null;
}
