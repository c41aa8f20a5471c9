using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Aws.Simulator;

/// <summary>Certificate Manager, as https://docs.aws.amazon.com/acm/latest/APIReference/ says, and the search by tags of the tagging service.</summary>
internal sealed class SimulatedCertificates
{
    private const int PageSize = 2; // smaller than AWS's, so that tests turn pages
    private readonly ConcurrentDictionary<string, SimulatedCertificate> all = new();

    public ICollection<SimulatedCertificate> All => all.Values;

    /// <summary>Whether searches do not tell of what is imported from now on.</summary>
    public bool TagsLag { get; set; }

    /// <summary>One that AWS made, with a key to be exported.</summary>
    public SimulatedCertificate Issue(AsymmetricAlgorithm key, string leaf, string? chain, params (string Key, string Value)[] tags)
    {
        var certificate = Add();
        (certificate.Key, certificate.Leaf, certificate.Chain, certificate.MayBeExported) = (key, leaf, chain, true);
        foreach (var (name, value) in tags) certificate.Tags[name] = value;
        return certificate;
    }

    /// <summary>One with such an address, in place of the one before.</summary>
    public void Put(string arn, AsymmetricAlgorithm key, string leaf) => all[arn] = new SimulatedCertificate(arn) { Key = key, Leaf = leaf, MayBeExported = true };

    /// <returns>Null where success has no body.</returns>
    public JsonObject? Answer(string operation, JsonObject body)
    {
        if (operation == "ImportCertificate") return Import(body);
        var arn = (string)body["CertificateArn"]!;
        if (!arn.StartsWith("arn:", StringComparison.Ordinal)) throw new AwsSimulatedException("ValidationException");
        var certificate = all.GetValueOrDefault(arn) ?? throw new AwsSimulatedException("ResourceNotFoundException", $"Could not find certificate {arn}.");
        switch (operation)
        {
            // Of one without a chain AWS says that it is its own.
            case "GetCertificate": return new JsonObject { ["Certificate"] = certificate.Leaf, ["CertificateChain"] = certificate.Chain ?? certificate.Leaf };
            case "DescribeCertificate": return new JsonObject { ["Certificate"] = new JsonObject { ["CertificateArn"] = arn, ["Serial"] = certificate.Serial, ["Options"] = new JsonObject { ["Export"] = certificate.MayBeExported ? "ENABLED" : "DISABLED" } } };
            case "ExportCertificate": return certificate.MayBeExported ? certificate.Export(Convert.FromBase64String((string)body["Passphrase"]!)) : throw new AwsSimulatedException("ValidationException", "is not a private certificate");
            case "ListTagsForCertificate": return new JsonObject { ["Tags"] = new JsonArray([.. certificate.Tags.Select(tag => (JsonNode)new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })]) };
            case "AddTagsToCertificate": Tag(certificate, body); return null;
            case "RemoveTagsFromCertificate": foreach (var tag in body["Tags"]!.AsArray()) certificate.Tags.Remove((string)tag!["Key"]!); return null;
            case "DeleteCertificate": if (certificate.IsInUse) throw new AwsSimulatedException("ResourceInUseException", "is in use"); all.TryRemove(arn, out _); return null;
            default: throw new AwsSimulatedException("UnknownOperationException");
        }
    }

    /// <summary>GetResources of the tagging service.</summary>
    public JsonObject Find(JsonObject body)
    {
        if ((string)body["ResourceTypeFilters"]![0]! != "acm") throw new AwsSimulatedException("InvalidParameterException");
        var filters = body["TagFilters"]!.AsArray().Select(filter => ((string)filter!["Key"]!, (string)filter["Values"]![0]!)).ToList();
        var matching = all.Values.Where(certificate => !certificate.IsNotFoundYet && filters.All(filter => certificate.Tags.GetValueOrDefault(filter.Item1) == filter.Item2)).OrderByDescending(certificate => certificate.Arn, StringComparer.Ordinal).ToList();
        var start = int.Parse((string?)body["PaginationToken"] ?? "0", CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["ResourceTagMappingList"] = new JsonArray([.. matching.Skip(start).Take(PageSize).Select(certificate => (JsonNode)new JsonObject { ["ResourceARN"] = certificate.Arn })]),
            ["PaginationToken"] = start + PageSize < matching.Count ? (start + PageSize).ToString(CultureInfo.InvariantCulture) : "",
        };
    }

    private SimulatedCertificate Add()
    {
        var arn = $"arn:aws:acm:eu-west-1:123456789012:certificate/{Guid.NewGuid()}";
        return all[arn] = new SimulatedCertificate(arn) { IsNotFoundYet = TagsLag };
    }

    private JsonObject Import(JsonObject body)
    {
        var (leaf, key) = (Text(body["Certificate"])!, Text(body["PrivateKey"])!);
        if (leaf.Split("BEGIN").Length != 2) throw new AwsSimulatedException("ValidationException", "The certificate field contains more than one certificate.");
        using var pair = X509Certificate2.CreateFromPem(leaf, key);
        if ((string?)body["CertificateArn"] is not { } arn)
        {
            var added = Add();
            (added.Leaf, added.Chain) = (leaf, Text(body["CertificateChain"]));
            Tag(added, body);
            return new JsonObject { ["CertificateArn"] = added.Arn };
        }
        if (body["Tags"] is not null) throw new AwsSimulatedException("ValidationException", "Tagging is not permitted on re-import.");
        var certificate = all.GetValueOrDefault(arn) ?? throw new AwsSimulatedException("ResourceNotFoundException");
        (certificate.Leaf, certificate.Chain) = (leaf, Text(body["CertificateChain"]));
        return new JsonObject { ["CertificateArn"] = arn };
    }

    private static void Tag(SimulatedCertificate certificate, JsonObject body)
    {
        foreach (var tag in body["Tags"]?.AsArray() ?? []) certificate.Tags[(string)tag!["Key"]!] = (string)tag["Value"]!;
    }

    private static string? Text(JsonNode? base64) => base64 is null ? null : Encoding.UTF8.GetString(Convert.FromBase64String((string)base64!));
}
