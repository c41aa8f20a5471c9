using GitOpsSecrets.Sealing.Rsa;

namespace GitOpsSecrets.Sealing.Tests.Vectors;

/// <summary>Both implementations of the private operation, by name, for theories over them.</summary>
internal static class Backends
{
    public const string OpenSsl = "OpenSSL";
    public const string BouncyCastle = "BouncyCastle";

    public static LoadDecryptor Of(string name) => name switch
    {
        OpenSsl when OaepBackend.IsOpenSsl => OpenSslOaep.Load,
        OpenSsl => throw Xunit.Sdk.SkipException.ForSkip("no OpenSSL 3 on this machine"),
        BouncyCastle => BouncyCastleOaep.Load,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
