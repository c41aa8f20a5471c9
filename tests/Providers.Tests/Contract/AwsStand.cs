using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Aws;
using GitOpsSecrets.Providers.Tests.Aws.Simulator;
using GitOpsSecrets.Providers.Tests.Http;

namespace GitOpsSecrets.Providers.Tests.Contract;

internal sealed class AwsStand(string service) : ContractStand
{
    private const string Certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/";
    private readonly ECDsa keyOfAll = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly TestCertificates certificates = new();
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);
    private readonly string authorities = Path.GetTempFileName();
    private AwsSimulator aws = null!;
    private AwsProvider? provider;

    public override string Name => "aws";

    public override Uri Server => aws.Address;

    public override RemoteReference Any => service == "CertificateManager" ? new(Certificate + "credentials", "tls.key") : base.Any;

    public override RemoteReference Reference(string key) => service == "CertificateManager" ? new(Certificate + key, "tls.crt") : base.Reference(key);

    /// <summary>A certificate ends with a line end.</summary>
    public override string Shown(string value) => service == "CertificateManager" ? value + "\n" : value;

    /// <summary>That of the catalog, but for where it finds AWS.</summary>
    public override IProvider Provider => provider ??= new AwsProvider(variables.GetValueOrDefault);

    public async Task<ContractStand> StartAsync()
    {
        aws = await AwsSimulator.StartAsync(TimeProvider.System, certificates.Issue("127.0.0.1"));
        aws.AddKey("AKIACONTRACT", "secret-of-the-contract");
        Cluster.Put(Namespace, "aws", "id", "AKIACONTRACT");
        Cluster.Put(Namespace, "aws", "secret", "secret-of-the-contract");
        return this;
    }

    public override JsonObject Options() => OptionsFor(aws.Address, certificates.Pem);

    /// <summary>Where AWS is, is not the store's to say, but the operator's.</summary>
    public override JsonObject OptionsFor(Uri server, string authorityPem)
    {
        File.WriteAllText(authorities, authorityPem);
        variables["AWS_ENDPOINT_URL"] = server.ToString();
        variables["AWS_CA_BUNDLE"] = authorities;
        return JsonNode.Parse($$$$$"""{"service":"{{{{{service}}}}}","region":"eu-west-1","auth":{"secretRef":{"accessKeyIDSecretRef":{"name":"aws","key":"id"},"secretAccessKeySecretRef":{"name":"aws","key":"secret"}}}}""")!.AsObject();
    }

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values)
    {
        if (service == "CertificateManager") aws.Certificates.Put(Certificate + key, keyOfAll, values["password"]);
        else Put(key, JsonSerializer.Serialize(values));
        return Task.CompletedTask;
    }

    public override Task<RemoteReference?> PutBytesAsync(string key, byte[] bytes)
    {
        if (service == "ParameterStore") return base.PutBytesAsync(key, bytes);
        aws.Secrets.PutBytes(key, bytes);
        return Task.FromResult<RemoteReference?>(new(key));
    }

    public override Task<(RemoteReference First, RemoteReference Second)?> PutVersionsAsync(string key, string first, string second)
    {
        Put(key, first);
        Put(key, second);
        (RemoteReference, RemoteReference)? versions = service == "ParameterStore" ? (new(key, null, "1"), new(key, null, "2")) : (new(key, null, "AWSPREVIOUS"), new(key, null, "AWSCURRENT"));
        return Task.FromResult(versions);
    }

    public override Task<RemoteReference?> PutTaggedAsync(string key, IReadOnlyDictionary<string, string> values, string tag, string value)
    {
        if (service == "ParameterStore") aws.Parameters.Put(key, JsonSerializer.Serialize(values), (tag, value));
        else aws.Secrets.Put(key, JsonSerializer.Serialize(values), (tag, value));
        return Task.FromResult<RemoteReference?>(new(key, tag, FetchMetadata: true));
    }

    /// <summary>Keys need no login, and an identity is all that is asked for.</summary>
    public override StoreValidityKind ValidityWhenRefused => StoreValidityKind.Valid;

    public override Task RotateAsync()
    {
        aws.RemoveKey("AKIACONTRACT");
        aws.AddKey("AKIAROTATED", "rotated-secret-of-the-contract");
        Cluster.Put(Namespace, "aws", "id", "AKIAROTATED");
        Cluster.Put(Namespace, "aws", "secret", "rotated-secret-of-the-contract");
        return Task.CompletedTask;
    }

    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key) => service == "ParameterStore" ? (new(key, null), new(key)) : (new(key, "password"), new(key, "password"));

    public override async ValueTask DisposeAsync()
    {
        await aws.DisposeAsync();
        keyOfAll.Dispose();
        certificates.Dispose();
        File.Delete(authorities);
        await base.DisposeAsync();
    }

    private void Put(string key, string text)
    {
        if (service == "ParameterStore") aws.Parameters.Put(key, text);
        else aws.Secrets.Put(key, text);
    }
}
