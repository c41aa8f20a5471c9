using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Providers.Generators.Gitlab;

/// <summary>Speaks the part of GitLab's REST API that deploy tokens need (https://docs.gitlab.com/api/deploy_tokens/).</summary>
internal sealed class GitlabClient : IDisposable
{
    private readonly TokenService service;

    private GitlabClient(TokenService service) => this.service = service;

    /// <summary>With the token that the spec names, of the namespace of whoever wants the values.</summary>
    public static async Task<GitlabClient> OpenAsync(GeneratorRequest request, GitlabDeployTokenSpec spec, CancellationToken cancellationToken)
    {
        var selector = spec.Auth.Token.SecretRef;
        var login = await TokenService.CredentialAsync(request, selector.Name, selector.Key, cancellationToken).ConfigureAwait(false);
        return new GitlabClient(new TokenService(request, "GitLab", headers => headers.Add("PRIVATE-TOKEN", login)));
    }

    public async Task<GitlabToken> CreateAsync(GitlabDeployTokenSpec spec, CancellationToken cancellationToken)
    {
        var wanted = new JsonObject { ["name"] = spec.Name, ["scopes"] = new JsonArray([.. spec.Scopes.Select(scope => (JsonNode)scope)]) };
        if (!string.IsNullOrEmpty(spec.Username)) wanted["username"] = spec.Username;
        if (GitlabRules.EndOf(spec) is { } end) wanted["expires_at"] = end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var body = await service.SendAsync(HttpMethod.Post, AddressOf(spec.Url, spec.ProjectID, spec.GroupID), wanted, "CreateDeployToken", cancellationToken).ConfigureAwait(false);
        try
        {
            return new GitlabToken(service.Number(body, "id"), Value(body, "username"), Value(body, "token"));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    /// <summary>Fine when it is gone.</summary>
    public Task DeleteAsync(GitlabState state, CancellationToken cancellationToken) =>
        service.SendAsync(HttpMethod.Delete, AddressOf(state.Url, state.ProjectID, state.GroupID, string.Create(CultureInfo.InvariantCulture, $"/{state.TokenID}")), null, "DeleteDeployToken", cancellationToken);

    public void Dispose() => service.Dispose();

    private static Uri AddressOf(string? url, string? project, string? group, string token = "")
    {
        // A project may be named by its path, which is one segment here.
        var owner = string.IsNullOrEmpty(project) ? $"groups/{Uri.EscapeDataString(group ?? "")}" : $"projects/{Uri.EscapeDataString(project)}";
        return new Uri($"{GitlabRules.AddressOf(url).TrimEnd('/')}/api/v4/{owner}/deploy_tokens{token}");
    }

    private byte[] Value(ReadOnlyMemory<byte> json, string member) => service.Text(json, member) is { Length: > 0 } text ? Encoding.UTF8.GetBytes(text) : throw service.Lacks(member);
}
