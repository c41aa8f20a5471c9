using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Providers.Generators;

namespace GitOpsSecrets.Providers.Declared.Identity;

/// <summary>A key pair that was made for one session: its public half is certified by a token of Oracle's, its private half signs the requests.</summary>
internal sealed class OracleSession : IDisposable
{
    private readonly RSA key = RSA.Create(2048);

    /// <summary>Variables: who signs, and the key.</summary>
    public static IReadOnlyList<string> Gives { get; } = ["keyId", "signingKey"];

    /// <summary>DER in base64, as PEM without its lines.</summary>
    public string PublicKey => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());

    /// <param name="token">A JWT.</param>
    /// <returns>When it ends; an hour from now where it does not say.</returns>
    public DateTimeOffset GiveTo(Variables to, string token, DateTimeOffset now)
    {
        to.Set("keyId", "ST$" + token);
        var pem = key.ExportPkcs8PrivateKeyPem().ToCharArray();
        to.Set("signingKey", Encoding.ASCII.GetBytes(pem));
        Array.Clear(pem);
        return JsonWebToken.ExpiryOf(token) ?? now.AddHours(1);
    }

    public void Dispose() => key.Dispose();
}
