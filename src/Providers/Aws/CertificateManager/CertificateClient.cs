using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Aws.CertificateManager;

/// <summary>
/// The calls of Certificate Manager that we make (https://docs.aws.amazon.com/acm/latest/APIReference/), and the one of the tagging service, which is how certificates are found by a tag:
/// Certificate Manager itself cannot search by tags.
/// </summary>
internal sealed class CertificateClient(AwsClient<AwsJsonClient> certificates, AwsClient<AwsJsonClient> tagging)
{
    private const int MostMatches = 1000;

    /// <summary>The addresses of all certificates that have all of the tags, sorted.</summary>
    public async Task<List<string>> FindAsync(IReadOnlyCollection<KeyValuePair<string, string>> tags, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        string? next = null;
        do
        {
            var token = next;
            var body = AwsBody.Of(json =>
            {
                json.WriteStrings("ResourceTypeFilters", ["acm"]);
                json.WriteStartArray("TagFilters");
                foreach (var (key, value) in tags) json.WriteFilter(key, value);
                json.WriteEndArray();
                json.WriteIfSet("PaginationToken", token);
            });
            using var page = await tagging.SendAsync(new("GetResources", body), cancellationToken).ConfigureAwait(false);
            if (JsonMembers.Member(page.Root, "ResourceTagMappingList") is not { ValueKind: JsonValueKind.Array } resources) throw Strange("GetResources");
            found.AddRange(resources.EnumerateArray().Select(resource => JsonMembers.Text(resource, "ResourceARN")).OfType<string>());
            if (found.Count > MostMatches) throw new ProviderException(ProviderFailureKind.Invalid, $"more than {MostMatches} certificates have the same tags");
            next = JsonMembers.Text(page.Root, "PaginationToken");
        }
        while (!string.IsNullOrEmpty(next));
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <returns>The certificate and its chain, without the key; null when there is no such certificate. The caller's to dispose.</returns>
    public Task<AwsAnswer?> GetAsync(string arn, CancellationToken cancellationToken) => AskAsync("GetCertificate", arn, cancellationToken);

    /// <returns>What is known of a certificate, under <c>Certificate</c>; null when there is none. The caller's to dispose.</returns>
    public Task<AwsAnswer?> DescribeAsync(string arn, CancellationToken cancellationToken) => AskAsync("DescribeCertificate", arn, cancellationToken);

    /// <returns>The certificate, its chain, and its key under the passphrase. The caller's to dispose.</returns>
    public Task<AwsAnswer> ExportAsync(string arn, byte[] passphrase, CancellationToken cancellationToken) => certificates.SendAsync(
        new("ExportCertificate", AwsBody.Of(json =>
        {
            json.WriteString("CertificateArn", arn);
            json.WriteBase64String("Passphrase", passphrase);
        }))
        {
            CarriesValue = true,
        },
        cancellationToken);

    /// <summary>The tags of a certificate; null when there is none.</summary>
    public async Task<SortedDictionary<string, string>?> TagsAsync(string arn, CancellationToken cancellationToken)
    {
        using var answer = await AskAsync("ListTagsForCertificate", arn, cancellationToken).ConfigureAwait(false);
        if (answer is null) return null;
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in AwsAnswer.Elements(answer.Root, "Tags"))
        {
            if (JsonMembers.Text(tag, "Key") is { } key) tags[key] = JsonMembers.Text(tag, "Value") ?? "";
        }
        return tags;
    }

    /// <param name="arn">The certificate that this takes the place of; null makes a new one.</param>
    /// <param name="tags">AWS takes them with new ones only; null otherwise.</param>
    /// <returns>Its address.</returns>
    public async Task<string> ImportAsync(CertificateBundle bundle, string? arn, IEnumerable<KeyValuePair<string, string>>? tags, CancellationToken cancellationToken)
    {
        var body = AwsBody.Of(json =>
        {
            json.WriteBase64String("Certificate", bundle.Leaf);
            json.WriteBase64String("PrivateKey", bundle.Key);
            if (bundle.Chain.Length > 0) json.WriteBase64String("CertificateChain", bundle.Chain);
            json.WriteIfSet("CertificateArn", arn);
            if (tags is not null) json.WriteTags("Tags", tags);
        });
        using var answer = await certificates.SendAsync(new("ImportCertificate", body) { CarriesValue = true }, cancellationToken).ConfigureAwait(false);
        return JsonMembers.Text(answer.Root, "CertificateArn") ?? throw Strange("ImportCertificate");
    }

    /// <param name="operation">Adds or removes them.</param>
    public async Task TagAsync(string operation, string arn, IEnumerable<KeyValuePair<string, string>> tags, CancellationToken cancellationToken)
    {
        var body = AwsBody.Of(json =>
        {
            json.WriteString("CertificateArn", arn);
            json.WriteTags("Tags", tags);
        });
        (await certificates.SendAsync(new(operation, body) { AnswersNothing = true }, cancellationToken).ConfigureAwait(false)).Dispose();
    }

    /// <summary>Fine when it is gone already.</summary>
    public async Task DeleteAsync(string arn, CancellationToken cancellationToken) => (await AskAsync("DeleteCertificate", arn, cancellationToken, answersNothing: true).ConfigureAwait(false))?.Dispose();

    public static ProviderException Strange(string operation) => new(ProviderFailureKind.Invalid, $"AWS/CertificateManager, asked to {operation}, answered with something else");

    private async Task<AwsAnswer?> AskAsync(string operation, string arn, CancellationToken cancellationToken, bool answersNothing = false)
    {
        var call = new AwsCall(operation, AwsBody.Of(json => json.WriteString("CertificateArn", arn))) { Expected = [AwsErrors.NotFound], AnswersNothing = answersNothing };
        var answer = await certificates.SendAsync(call, cancellationToken).ConfigureAwait(false);
        return answer.Error is null ? answer : null;
    }
}
