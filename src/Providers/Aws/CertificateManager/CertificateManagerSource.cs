using System.Security.Cryptography;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Aws.CertificateManager;

/// <summary>The certificates of one account and region, with one identity. They cannot be searched: a name says nothing of what a certificate is for.</summary>
internal sealed class CertificateManagerSource(AwsConnection connection, CertificateClient certificates, CertificatePush push, string prefix) : IPush, IValidate
{
    private readonly CertificateExports exports = new();

    public RemoteRequest RequestFor(RemoteReference reference) => new(reference.Key, null, reference.FetchMetadata);

    public async Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        if (await AddressAsync(request.Key, cancellationToken).ConfigureAwait(false) is not { } arn) return null;
        if (!request.FetchMetadata) return await ExportAsync(arn, request.Key, cancellationToken).ConfigureAwait(false);
        return await certificates.TagsAsync(arn, cancellationToken).ConfigureAwait(false) is { } tags ? JsonSecret.OfStrings(request.Key, tags, PropertyOrder.DottedNameFirst) : null;
    }

    public Task PushAsync(PushRequest request, CancellationToken cancellationToken) => push.PushAsync(request, cancellationToken);

    public Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken) => push.DeleteAsync(place, cancellationToken);

    public Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken) => push.ExistsAsync(place, cancellationToken);

    public Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken) => connection.ValidateAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        exports.Dispose();
        connection.Dispose();
        return default;
    }

    /// <summary>A key is an address, or else the value of the tag that pushed certificates have, and others can have too. Null when there is none.</summary>
    private async Task<string?> AddressAsync(string key, CancellationToken cancellationToken)
    {
        if (key.StartsWith("arn:", StringComparison.Ordinal)) return key;
        return await certificates.FindAsync([new(CertificatePush.KeyTag, prefix + key)], cancellationToken).ConfigureAwait(false) switch
        {
            [] => null,
            [var arn] => arn,
            { Count: var count } => throw new ProviderException(ProviderFailureKind.Invalid, $"{count} certificates have the tag {CertificatePush.KeyTag}: {prefix + key}; name one by its ARN"),
        };
    }

    private async Task<RemoteSecret?> ExportAsync(string arn, string name, CancellationToken cancellationToken)
    {
        using var described = await certificates.DescribeAsync(arn, cancellationToken).ConfigureAwait(false);
        if (described is null) return null;
        if (JsonMembers.Member(described.Root, "Certificate") is not { ValueKind: JsonValueKind.Object } facts) throw CertificateClient.Strange("DescribeCertificate");
        var serial = JsonMembers.Text(facts, "Serial");
        if (serial is not null && exports.Open(arn, serial, name) is { } kept) return kept;
        var export = await ExportAsync(arn, facts, cancellationToken).ConfigureAwait(false);
        try
        {
            var opened = export.Open(name);
            if (serial is null) return opened;
            exports.Keep(arn, serial, export);
            export = null;
            return opened;
        }
        finally
        {
            export?.Dispose();
        }
    }

    private async Task<ExportedCertificate> ExportAsync(string arn, JsonElement facts, CancellationToken cancellationToken)
    {
        var passphrase = ExportedCertificate.NewPassphrase();
        try
        {
            using var answer = await certificates.ExportAsync(arn, passphrase, cancellationToken).ConfigureAwait(false);
            return ExportedCertificate.Of(answer.Root, passphrase);
        }
        catch (ProviderException failure)
        {
            CryptographicOperations.ZeroMemory(passphrase);
            var mayBeExported = JsonMembers.Text(JsonMembers.Member(facts, "Options"), "Export") == "ENABLED";
            if (failure.Kind != ProviderFailureKind.Invalid || mayBeExported) throw;
            throw new ProviderException(ProviderFailureKind.Invalid, $"certificate {arn} cannot be exported: that is decided when it is requested, by its option Export, and imported certificates never can ({failure.Message})");
        }
    }
}
