using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Providers.Declared.Signing;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>A JWT that a private key of the store signs for a login (RFC 7519, RFC 7518).</summary>
/// <param name="As">The variable that holds it.</param>
/// <param name="IsPss">PS256; RS256 otherwise.</param>
/// <param name="Key">The variable with the RSA key, in PEM.</param>
/// <param name="KeyId">Of its header; null for none.</param>
/// <param name="Claims">What it says, beside its times.</param>
/// <param name="Early">Said to be made earlier by this, since the other's clock may be behind.</param>
/// <param name="Lifetime">Until its end, from now.</param>
internal sealed record AssertionRule(string As, bool IsPss, string Key, TextPattern? KeyId, IReadOnlyList<NamedPattern> Claims, TimeSpan Early, TimeSpan Lifetime)
{
    public IEnumerable<string> Names => [Key, .. KeyId?.Names ?? [], .. Claims.SelectMany(claim => claim.Text.Names)];

    public static AssertionRule? Read(DefinitionFields login)
    {
        if (login.Object("jwt") is not { } fields) return null;
        var rule = new AssertionRule(
            fields.Need("as"),
            fields.Need("algorithm") switch
            {
                "PS256" => true,
                "RS256" => false,
                _ => throw fields.Problem("algorithm", "must be PS256 or RS256"),
            },
            fields.Need("key"),
            fields.Pattern("keyId"),
            fields.Patterns("claims"),
            TimeSpan.FromSeconds(fields.Number("early") ?? 0),
            TimeSpan.FromSeconds(fields.Number("seconds") ?? 300));
        fields.Done();
        return rule;
    }

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the key is none.</exception>
    public void Apply(Variables variables, DateTimeOffset now)
    {
        var text = Part(writer =>
        {
            writer.WriteString("alg", IsPss ? "PS256" : "RS256");
            writer.WriteString("typ", "JWT");
            if (KeyId is not null) writer.WriteString("kid", KeyId.Text(variables));
        }) + "." + Part(writer =>
        {
            foreach (var claim in Claims) writer.WriteString(claim.Name, claim.Text.Text(variables));
            writer.WriteNumber("iat", (now - Early).ToUnixTimeSeconds());
            writer.WriteNumber("exp", (now + Lifetime).ToUnixTimeSeconds());
        });
        variables.Set(As, text + "." + Base64Url.EncodeToString(Sign(variables.Need(Key), text)));
    }

    private byte[] Sign(byte[] pem, string text)
    {
        var key = new char[Encoding.UTF8.GetCharCount(pem)];
        Encoding.UTF8.GetChars(pem, key);
        try
        {
            return SigningKey.Sign(key, text, IsPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        }
        finally
        {
            Array.Clear(key);
        }
    }

    private static string Part(Action<Utf8JsonWriter> write)
    {
        using var text = new SecretBuffer();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Base64Url.EncodeToString(text.Written);
    }
}
