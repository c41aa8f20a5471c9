using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GitOpsSecrets.LocalCluster.Http;

namespace GitOpsSecrets.LocalCluster.Auth;

/// <summary>From a client certificate of the cluster's CA or a bearer token to a user; neither means anonymous.</summary>
internal sealed class Authenticator(string adminToken, ServiceAccountTokens tokens)
{
    private const string CommonName = "2.5.4.3";
    private const string Organization = "2.5.4.10";
    private const string Bearer = "Bearer ";

    /// <exception cref="ApiException">401: a token nobody here issued.</exception>
    public UserInfo Authenticate(HttpContext context)
    {
        if (context.Connection.ClientCertificate is { } certificate) return FromCertificate(certificate);
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return UserInfo.Anonymous;
        return FromToken(header[Bearer.Length..].Trim(), [ServiceAccountTokens.Issuer])?.User ?? throw ApiErrors.Unauthorized();
    }

    public TokenVerdict? FromToken(string token, IReadOnlyList<string> audiences)
    {
        var isAdmin = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(adminToken));
        return isAdmin ? new TokenVerdict(new UserInfo("kubernetes-admin-token", [UserInfo.Masters, UserInfo.Authenticated]), audiences) : tokens.Verify(token, audiences);
    }

    private static UserInfo FromCertificate(X509Certificate2 certificate)
    {
        var name = "";
        var groups = new List<string>();
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            var value = part.GetSingleElementValue() ?? "";
            if (part.GetSingleElementType().Value == CommonName) name = value;
            if (part.GetSingleElementType().Value == Organization) groups.Add(value);
        }

        return new UserInfo(name, [.. groups, UserInfo.Authenticated]);
    }
}
