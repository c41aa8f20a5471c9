using System.Text.Json.Serialization;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Aws.CertificateManager;

/// <summary>How a pushed certificate is to be kept: the <c>spec</c> of a PushSecret entry's <c>metadata</c>.</summary>
internal sealed record CertificateWishes
{
    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Tags { get; init; }
}
