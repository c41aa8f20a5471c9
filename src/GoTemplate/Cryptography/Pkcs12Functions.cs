using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>PKCS#12 to PEM and back; the forms without Pass use the empty password.</summary>
internal static class Pkcs12Functions
{
    public static GoFunction[] All { get; } =
    [
        new("pkcs12key", "string", call => Key(call, call.Text(0), "")),
        new("pkcs12keyPass", "string, string", call => Key(call, call.Text(1), call.Text(0).ToText())),
        new("pkcs12cert", "string", call => Certificates(call, call.Text(0), "")),
        new("pkcs12certPass", "string, string", call => Certificates(call, call.Text(1), call.Text(0).ToText())),
        new("pemToPkcs12", "string, string", call => KeyStore(call, "", isFull: false)),
        new("pemToPkcs12Pass", "string, string, string", call => KeyStore(call, call.Text(2).ToText(), isFull: false)),
        new("fullPemToPkcs12", "string, string", call => KeyStore(call, "", isFull: true)),
        new("fullPemToPkcs12Pass", "string, string, string", call => KeyStore(call, call.Text(2).ToText(), isFull: true)),
        new("pemTruststoreToPKCS12", "string", call => TrustStore(call, "")),
        new("pemTruststoreToPKCS12Pass", "string, string", call => TrustStore(call, call.Text(1).ToText())),
    ];

    private static GoString Key(Call call, GoString data, string password)
    {
        try
        {
            var store = Pkcs12Store.Read(call.Budget, data.Span.ToArray(), password);
            return PemBlock.Encode("PRIVATE KEY", FirstKey(store).Pkcs8);
        }
        catch (FunctionException e)
        {
            throw new FunctionException($"unable to decode pkcs12 with password: {e.Message}");
        }
    }

    private static GoString Certificates(Call call, GoString data, string password)
    {
        Pkcs12Store store;
        try
        {
            store = Pkcs12Store.Read(call.Budget, data.Span.ToArray(), password);
            FirstKey(store);
        }
        catch (FunctionException e)
        {
            throw new FunctionException($"unable to decode pkcs12 certificate with password: {e.Message}");
        }

        try
        {
            return CertificateChain.Join(CertificateChain.Order(call.Budget, store.Certificates));
        }
        catch (FunctionException)
        {
            // Not one chain: as they lie in the file.
            return CertificateChain.Join(store.Certificates);
        }
    }

    private static PrivateKeyText FirstKey(Pkcs12Store store) => store.Keys.Count > 0 ? store.Keys[0] : throw new FunctionException("pkcs12: private key missing");

    private static GoString KeyStore(Call call, string password, bool isFull)
    {
        var certificates = ReadCertificates(call.Budget, call.Text(0), isFull ? int.MaxValue : 1);
        var rest = call.Text(1);
        var key = PemBlock.Decode(call.Budget, ref rest) is { } block ? PrivateKeyText.TryParse(block.Bytes) : throw NilPointer();
        if (key is null)
        {
            throw new FunctionException("unable to parse private key type");
        }

        return GoString.Of(Convert.ToBase64String(new Pkcs12Writer(call, password).WriteKeyStore(key, certificates)));
    }

    private static GoString TrustStore(Call call, string password)
    {
        var certificates = call.Text(0).Length == 0 ? [] : ReadCertificates(call.Budget, call.Text(0), int.MaxValue);
        return GoString.Of(Convert.ToBase64String(new Pkcs12Writer(call, password).WriteTrustStore(certificates)));
    }

    /// <summary>Anything but certificates, white space at the end included, is what makes the original panic.</summary>
    private static List<CertificateText> ReadCertificates(ExecutionBudget budget, GoString pem, int limit)
    {
        var certificates = new List<CertificateText>();
        do
        {
            var block = PemBlock.Decode(budget, ref pem) ?? throw NilPointer();
            budget.AllocateObject();
            budget.Allocate(block.Bytes.Length);
            certificates.Add(CertificateText.Parse(block.Bytes));
        }
        while (certificates.Count < limit && pem.Length > 0);
        return certificates;
    }

    private static FunctionException NilPointer() => new("runtime error: invalid memory address or nil pointer dereference");
}
