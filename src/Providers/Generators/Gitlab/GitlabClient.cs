using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Generators.Gitlab;

/// <summary>Speaks the part of GitLab's REST API that deploy tokens need (https://docs.gitlab.com/api/deploy_tokens/).</summary>
internal sealed class GitlabClient : IDisposable
{
    private readonly HttpClient http;
    private readonly string login;
    private readonly CallMeter meter;
    private readonly TimeProvider time;

    private GitlabClient(GeneratorRequest request, string login)
    {
        http = request.Http.Create(new HttpSettings { GuardAddresses = true });
        this.login = login;
        meter = new CallMeter(request.Calls, "GitLab", request.Time);
        time = request.Time;
    }

    /// <summary>With the token that the spec names, of the namespace of whoever wants the values.</summary>
    public static async Task<GitlabClient> OpenAsync(GeneratorRequest request, GitlabDeployTokenSpec spec, CancellationToken cancellationToken)
    {
        var selector = spec.Auth.Token.SecretRef;
        var bytes = await request.Cluster.ReadSecretKeyAsync(request.Namespace, selector.Name!, selector.Key!, cancellationToken).ConfigureAwait(false);
        var secret = Encoding.UTF8.GetString(bytes).TrimEnd('\r', '\n');
        CryptographicOperations.ZeroMemory(bytes);
        return new GitlabClient(request, secret);
    }

    /// <returns>The answer; the caller's to zero.</returns>
    public Task<byte[]> CreateAsync(GitlabDeployTokenSpec spec, CancellationToken cancellationToken)
    {
        var wanted = new JsonObject { ["name"] = spec.Name, ["scopes"] = new JsonArray([.. spec.Scopes.Select(scope => (JsonNode)scope)]) };
        if (!string.IsNullOrEmpty(spec.Username)) wanted["username"] = spec.Username;
        if (GitlabRules.EndOf(spec) is { } end) wanted["expires_at"] = end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return SendAsync(HttpMethod.Post, AddressOf(spec.Url, spec.ProjectID, spec.GroupID), wanted, "CreateDeployToken", cancellationToken);
    }

    /// <summary>Fine when it is gone.</summary>
    public Task DeleteAsync(GitlabState state, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"{AddressOf(state.Url, state.ProjectID, state.GroupID)}/{state.TokenID.ToString(CultureInfo.InvariantCulture)}", null, "DeleteDeployToken", cancellationToken);

    public void Dispose() => http.Dispose();

    private static string AddressOf(string? url, string? project, string? group)
    {
        // A project may be named by its path, which is one segment here.
        var owner = string.IsNullOrEmpty(project) ? $"groups/{Uri.EscapeDataString(group ?? "")}" : $"projects/{Uri.EscapeDataString(project)}";
        return $"{GitlabRules.AddressOf(url).TrimEnd('/')}/api/v4/{owner}/deploy_tokens";
    }

    private Task<byte[]> SendAsync(HttpMethod method, string address, JsonObject? content, string operation, CancellationToken cancellationToken) =>
        meter.MeasureAsync(operation, async () =>
        {
            using var request = new HttpRequestMessage(method, new Uri(address)) { Headers = { { "PRIVATE-TOKEN", login } } };
            if (content is not null)
            {
                request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(content, GitlabJson.Default.JsonObject)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            }

            using var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            // Only GitLab's own word that it is gone: another server's error page would leave the token alive.
            var isGone = method == HttpMethod.Delete && answer.StatusCode == HttpStatusCode.NotFound && FoundValue.In(answer.Body(), "message") is not null;
            return answer.IsSuccessStatusCode || isGone ? answer.TakeBody() : throw HttpFailures.OfAnswer($"GitLab, asked to {operation},", answer, time);
        });
}
