using System.Security.Cryptography;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>External Secrets' own functions on PEM texts and RSA.</summary>
internal static class PemFunctions
{
    public static GoFunction[] All { get; } =
    [
        new("filterPEM", "string, string", FilterPem),
        new("filterCertChain", "string, string", call => CertificateChain.Filter(call.Budget, call.Text(0).ToText(), call.Text(1))),
        new("certSANs", "string", CertSans),
        new("rsaDecrypt", "string, string, string, string", RsaDecrypt),
    ];

    private static GoString FilterPem(Call call)
    {
        var wanted = call.Text(0).ToText();
        var rest = PemBlock.FromFirst(call.Text(1));
        var builder = new ByteBuilder(call.Budget);
        while (PemBlock.Decode(call.Budget, ref rest) is { } block)
        {
            if (block.Type.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            {
                builder.Append(block.Encode());
            }
        }

        return builder.Length > 0 || rest.Length == 0 ? builder.ToGoString() : throw new FunctionException("error filtering pem: found junk");
    }

    private static GoList CertSans(Call call)
    {
        var rest = PemBlock.FromFirst(call.Text(0));
        var block = PemBlock.Decode(call.Budget, ref rest) ?? throw new FunctionException("failed to decode PEM block");
        try
        {
            return GoList.OfStrings(CertificateText.Parse(block.Bytes).AlternativeNames().Select(GoString.Of));
        }
        catch (FunctionException e)
        {
            throw new FunctionException($"failed to parse certificate: {e.Message}");
        }
    }

    private static GoString RsaDecrypt(Call call)
    {
        var scheme = call.Text(0).ToText();
        if (scheme == "None")
        {
            return call.Text(2);
        }

        if (scheme != "RSA-OAEP")
        {
            throw new FunctionException($"decryption scheme {scheme} is not supported");
        }

        var padding = call.Text(1).ToText() switch
        {
            "SHA1" => RSAEncryptionPadding.OaepSHA1,
            "SHA512" => RSAEncryptionPadding.OaepSHA512,
            _ => RSAEncryptionPadding.OaepSHA256,
        };
        using var rsa = ReadKey(call, call.Text(3));
        try
        {
            return new GoString(rsa.Decrypt(call.Text(2).Span, padding));
        }
        catch (CryptographicException)
        {
            throw new FunctionException("error decrypting data with RSA: crypto/rsa: decryption error");
        }
    }

    private static RSA ReadKey(Call call, GoString pem)
    {
        var block = PemBlock.Decode(call.Budget, ref pem) ?? throw new FunctionException("failed to decode PEM block");
        if (PrivateKeyText.TryParse(block.Bytes) is not { } key)
        {
            throw new FunctionException("could not parse private key: unable to parse private key type");
        }

        if (!key.IsRsa)
        {
            throw new FunctionException("could not parse RSA private key");
        }

        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key.Pkcs8, out _);
        return rsa;
    }
}
