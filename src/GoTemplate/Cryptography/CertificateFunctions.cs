using System.Net;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Functions.Encoding;
using GitOpsSecrets.GoTemplate.Values;
using Org.BouncyCastle.Asn1.X509;

namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>sprig's certificates: authorities, self-signed and signed ones, with a new RSA 2048 key or a given one.</summary>
internal static class CertificateFunctions
{
    private const int RsaBits = 2048;

    public static GoFunction[] All { get; } =
    [
        KeyMaker.GenPrivateKey,
        new("genCA", "string, int", call => Authority(call, KeyMaker.NewRsa(call, RsaBits))),
        new("genCAWithKey", "string, int, string", call => Authority(call, GivenKey(call, 2))),
        new("genSelfSignedCert", "string, list, list, int", call => SelfSigned(call, KeyMaker.NewRsa(call, RsaBits))),
        new("genSelfSignedCertWithKey", "string, list, list, int, string", call => SelfSigned(call, GivenKey(call, 4))),
        new("genSignedCert", "string, list, list, int, cert", call => Signed(call, KeyMaker.NewRsa(call, RsaBits))),
        new("genSignedCertWithKey", "string, list, list, int, cert, string", call => Signed(call, GivenKey(call, 5))),
        new("buildCustomCert", "string, string", BuildCustom),
    ];

    private static PrivateKeyText GivenKey(Call call, int index)
    {
        try
        {
            return PrivateKeyText.ParsePem(call.Budget, call.Text(index));
        }
        catch (FunctionException e)
        {
            throw new FunctionException($"parsing private key: {e.Message}");
        }
    }

    private static GoCertificate Authority(Call call, PrivateKeyText key) =>
        new CertificateMaker(call, call.Text(0).ToText(), call.Int(1)) { IsAuthority = true }.SelfSign(key);

    private static GoCertificate SelfSigned(Call call, PrivateKeyText key) => Named(call).SelfSign(key);

    private static GoCertificate Signed(Call call, PrivateKeyText key)
    {
        var authority = (GoCertificate)call[4];
        var rest = authority.Certificate;
        var block = PemBlock.Decode(call.Budget, ref rest) ?? throw new FunctionException("unable to decode certificate");
        CertificateText issuer;
        PrivateKeyText issuerKey;
        try
        {
            issuer = CertificateText.Parse(block.Bytes);
            issuerKey = PrivateKeyText.ParsePem(call.Budget, authority.Key);
        }
        catch (FunctionException e)
        {
            throw new FunctionException($"error parsing certificate or key of the authority: {e.Message}");
        }

        return Named(call).Sign(key, issuer, issuerKey);
    }

    private static CertificateMaker Named(Call call) => new(call, call.Text(0).ToText(), call.Int(3))
    {
        Addresses = [.. call.List(1).Items.Select(Address)],
        DnsNames = [.. call.List(2).Items.Select(value => DnsName(call, value))],
    };

    private static GeneralName Address(GoValue value)
    {
        if (value is not GoString text)
        {
            throw new FunctionException($"error parsing ip: {value.Type} is not a string");
        }

        return IPAddress.TryParse(text.ToText(), out var address)
            ? new GeneralName(GeneralName.IPAddress, address.ToString())
            : throw new FunctionException($"error parsing ip: {text.ToText()}");
    }

    private static GeneralName DnsName(Call call, GoValue value) => value is GoString text
        ? new GeneralName(GeneralName.DnsName, text.ToText())
        : throw new FunctionException($"error processing alternate dns name: {Formatting.Printer.Sprint(call.Budget, value).ToText()} is not a string");

    private static GoCertificate BuildCustom(Call call)
    {
        var certificate = GoBase64.Decode(call.Text(0).Span).Bytes ?? throw new FunctionException("unable to decode base64 certificate");
        var key = GoBase64.Decode(call.Text(1).Span).Bytes ?? throw new FunctionException("unable to decode base64 private key");
        var (certificateText, keyText) = (new GoString(certificate), new GoString(key));
        var rest = certificateText;
        var block = PemBlock.Decode(call.Budget, ref rest) ?? throw new FunctionException("unable to decode certificate");
        try
        {
            CertificateText.Parse(block.Bytes);
        }
        catch (FunctionException e)
        {
            throw new FunctionException($"error parsing certificate: decodedCert.Bytes: {e.Message}");
        }

        try
        {
            PrivateKeyText.ParsePem(call.Budget, keyText);
        }
        catch (FunctionException e)
        {
            throw new FunctionException($"error parsing private key: {e.Message}");
        }

        return new GoCertificate(certificateText, keyText);
    }
}
