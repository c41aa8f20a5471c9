using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime.Internal.Auth;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>
/// Signature Version 4 of a POST without a query (https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html) that somebody else is to send. The canonical request is made here,
/// since the SDK makes one of its own requests only, with headers that not everybody lets through; what is computed over it, by the SDK.
/// </summary>
internal static class AwsSignature
{
    /// <param name="address">Its path may be anything that needs no escape.</param>
    /// <param name="headers">Those to be sent and signed, without <c>host</c>.</param>
    /// <param name="now">The time that is signed.</param>
    /// <returns>All headers, the signature's own among them.</returns>
    public static SortedDictionary<string, string> Sign(
        Uri address, IEnumerable<KeyValuePair<string, string>> headers, ReadOnlySpan<byte> body, AwsCredentials credentials, string service, string region, DateTimeOffset now)
    {
        var signed = new SortedDictionary<string, string>(StringComparer.Ordinal);
#pragma warning disable CA1308 // The signature wants them small.
        foreach (var (name, value) in headers) signed[name.ToLowerInvariant()] = value.Trim();
#pragma warning restore CA1308
        signed["host"] = address.IsDefaultPort ? address.IdnHost : address.IdnHost + ":" + address.Port.ToString(CultureInfo.InvariantCulture);
        signed["x-amz-date"] = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        if (credentials.SessionToken is { } token) signed["x-amz-security-token"] = token;

        var names = string.Join(';', signed.Keys);
        var canonical = new StringBuilder("POST\n").Append(address.AbsolutePath).Append("\n\n");
        foreach (var (name, value) in signed) canonical.Append(name).Append(':').Append(value).Append('\n');
        canonical.Append('\n').Append(names).Append('\n').Append(Convert.ToHexStringLower(SHA256.HashData(body)));
        var signature = AWS4Signer.ComputeSignature(credentials.AccessKeyId, credentials.SecretAccessKey, region, now.UtcDateTime, service, names, canonical.ToString());
        signed["authorization"] = signature.ForAuthorizationHeader;
        return signed;
    }
}
