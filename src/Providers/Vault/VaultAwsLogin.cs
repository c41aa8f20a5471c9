using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Aws;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>
/// The login of the <c>aws</c> auth method by an identity (https://developer.hashicorp.com/vault/docs/auth/aws#iam-auth-method): a request to ask AWS who we are is
/// signed here and sent by Vault. What Vault gets is good for that one question, and for some minutes; the server's id in it keeps other Vaults from using it.
/// </summary>
internal sealed class VaultAwsLogin(StoreContext context, AwsSurroundings surroundings)
{
    private const string DefaultRegion = "us-east-1";
    private const string Question = "Action=GetCallerIdentity&Version=2011-06-15";
    private const string Form = "application/x-www-form-urlencoded; charset=utf-8";

    public static string RegionOf(VaultAuth.IamAuth iam) => string.IsNullOrEmpty(iam.Region) ? DefaultRegion : iam.Region;

    /// <exception cref="ProviderException">There are no credentials, or a role may not be assumed.</exception>
    public async Task<IReadOnlyDictionary<string, string>> FieldsAsync(VaultAuth.IamAuth iam, CancellationToken cancellationToken)
    {
        var region = RegionOf(iam);
        var roles = string.IsNullOrEmpty(iam.Role) ? (IReadOnlyList<AwsRole>)[] : [new AwsRole(iam.Role) { ExternalId = iam.ExternalID }];
        using var connection = await AwsConnection.OpenAsync(context, surroundings, region, new AwsAuth { Jwt = iam.Jwt, SecretRef = iam.SecretRef }, roles, cancellationToken).ConfigureAwait(false);
        var credentials = await connection.Identity.ReadAsync(cancellationToken).ConfigureAwait(false);
        var address = AddressOf(region);
        List<KeyValuePair<string, string>> headers = [new("content-type", Form)];
        if (!string.IsNullOrEmpty(iam.ServerId)) headers.Add(new("x-vault-aws-iam-server-id", iam.ServerId));
        var signed = new JsonObject();
        foreach (var (name, value) in AwsSignature.Sign(address, headers, Encoding.ASCII.GetBytes(Question), credentials, AwsService.SecurityTokens.SigningName, region, context.Time.GetUtcNow())) signed[name] = value;
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["role"] = iam.VaultRole,
            ["iam_http_request_method"] = "POST",
            ["iam_request_url"] = Base64(Encoding.ASCII.GetBytes(address.ToString())),
            ["iam_request_body"] = Base64(Encoding.ASCII.GetBytes(Question)),
            ["iam_request_headers"] = Base64(JsonSerializer.SerializeToUtf8Bytes(signed, VaultJson.Default.JsonObject)),
        };
    }

    /// <summary>Where Vault asks by default is the one address without a region; elsewhere the region's own, which its <c>sts_endpoint</c> then names too.</summary>
    private static Uri AddressOf(string region) => region == DefaultRegion ? new("https://sts.amazonaws.com/") : new AwsSurroundings(_ => null).EndpointOf(AwsService.SecurityTokens, region);

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes);
}
