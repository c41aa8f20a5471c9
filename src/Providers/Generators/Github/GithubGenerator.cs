using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Azure;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Generators.Github;

/// <summary>
/// A token of an installation of a GitHub App, under <c>token</c>: for all that it may do, or for some repositories and permissions
/// (https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app).
/// </summary>
public sealed class GithubGenerator : IGenerator
{
    private const string PublicGithub = "https://api.github.com";
    private const int LongestReason = 300;

    // GitHub's clock may be behind ours.
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan After = TimeSpan.FromMinutes(5);

    public string Kind => GeneratorKinds.GithubAccessToken;

    public IReadOnlyList<string> Check(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Check(request.Spec, GeneratorJson.Default.GithubAccessTokenSpec, Findings);
    }

    public IEnumerable<string> Unused(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Unused(request.Spec, GeneratorJson.Default.GithubAccessTokenSpec, spec => UnusedOptions.Namespace("spec.auth.privateKey.secretRef", spec.Auth.PrivateKey.SecretRef.Namespace, request.Namespace));
    }

    public async Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var spec = GeneratorSpec.Read(request.Spec, GeneratorJson.Default.GithubAccessTokenSpec, Findings);
        var selector = spec.Auth.PrivateKey.SecretRef;
        var pem = await request.Cluster.ReadSecretKeyAsync(request.Namespace, selector.Name!, selector.Key!, cancellationToken).ConfigureAwait(false);
        string app;
        try
        {
            app = Sign(pem, spec.AppID, request.Time.GetUtcNow()) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"key {selector.Key} of Secret {selector.Name} is no RSA private key in PEM");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pem);
        }
        using var http = request.Http.Create(new HttpSettings { GuardAddresses = true });
        return await new CallMeter(request.Calls, "GitHub", request.Time).MeasureAsync("CreateToken", () => AskAsync(http, spec, app, request.Time, cancellationToken)).ConfigureAwait(false);
    }

    private static async Task<Generated> AskAsync(HttpClient http, GithubAccessTokenSpec spec, string app, TimeProvider time, CancellationToken cancellationToken)
    {
        var address = AddressOf(spec)!;
        using var call = new HttpRequestMessage(HttpMethod.Post, new Uri($"{address.AbsoluteUri.TrimEnd('/')}/app/installations/{Uri.EscapeDataString(spec.InstallID)}/access_tokens"));
        call.Headers.Authorization = new AuthenticationHeaderValue("Bearer", app);
        call.Headers.Accept.Add(new("application/vnd.github+json"));
        call.Headers.UserAgent.Add(new("gitops-secrets", null));
        if (Wishes(spec) is { } body) call.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var answer = await http.SendAsync(call, cancellationToken).ConfigureAwait(false);
        var (token, end, reason) = Read(answer.Body());
        if (!answer.IsSuccessStatusCode) throw HttpFailures.OfAnswer($"GitHub, asked for a token of installation {spec.InstallID},", answer, time, reason);
        if (string.IsNullOrEmpty(token)) throw new ProviderException(ProviderFailureKind.Invalid, $"the answer of {address.Authority} holds no token: is spec.url right?");
        var values = new SecretValues();
        values.Set("token", Encoding.UTF8.GetBytes(token));
        return new Generated(values, ExpiresAt: end);
    }

    private static (string? Token, DateTimeOffset? End, string Reason) Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var reason = (JsonMembers.Text(document.RootElement, "message") ?? "").ReplaceLineEndings(" ");
            var end = JsonMembers.Member(document.RootElement, "expires_at") is { ValueKind: JsonValueKind.String } written && written.TryGetDateTimeOffset(out var time) ? time : (DateTimeOffset?)null;
            return (JsonMembers.Text(document.RootElement, "token"), end, reason.Length <= LongestReason ? reason : reason[..LongestReason] + "…");
        }
        catch (JsonException)
        {
            return (null, null, "");
        }
    }

    private static byte[]? Wishes(GithubAccessTokenSpec spec)
    {
        if (spec.Permissions is null && spec.Repositories is null or { Count: 0 }) return null;
        return KeyVaultText.Object(writer =>
        {
            if (spec.Permissions is { } permissions)
            {
                writer.WriteStartObject("permissions");
                foreach (var (name, level) in permissions) writer.WriteString(name, level);
                writer.WriteEndObject();
            }
            if (spec.Repositories is not { Count: > 0 } repositories) return;
            writer.WriteStartArray("repositories");
            foreach (var name in repositories) writer.WriteStringValue(name);
            writer.WriteEndArray();
        });
    }

    /// <summary>The app's own token, RS256; null where the key is none.</summary>
    private static string? Sign(byte[] pem, string app, DateTimeOffset now)
    {
        using var key = RSA.Create();
        var text = new char[Encoding.UTF8.GetCharCount(pem)];
        try
        {
            Encoding.UTF8.GetChars(pem, text);
            key.ImportFromPem(text);
            var payload = KeyVaultText.Object(writer =>
            {
                writer.WriteString("iss", app);
                writer.WriteNumber("iat", (now - Before).ToUnixTimeSeconds());
                writer.WriteNumber("exp", (now + After).ToUnixTimeSeconds());
            });
            var signed = $"{Base64Url.EncodeToString("""{"alg":"RS256","typ":"JWT"}"""u8)}.{Base64Url.EncodeToString(payload)}";
            return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            return null;
        }
        finally
        {
            Array.Clear(text);
        }
    }

    private static IEnumerable<string> Findings(GithubAccessTokenSpec spec)
    {
        if (string.IsNullOrEmpty(spec.AppID)) yield return "spec.appID is required";
        if (string.IsNullOrEmpty(spec.InstallID)) yield return "spec.installID is required";
        if (AddressOf(spec) is null) yield return $"spec.url \"{spec.Url}\" is not an http or https address, such as {PublicGithub}";
        var selector = spec.Auth?.PrivateKey?.SecretRef;
        if (string.IsNullOrEmpty(selector?.Name) || string.IsNullOrEmpty(selector.Key)) yield return "spec.auth.privateKey.secretRef needs a name and a key";
    }

    private static Uri? AddressOf(GithubAccessTokenSpec spec) =>
        Uri.TryCreate(string.IsNullOrEmpty(spec.Url) ? PublicGithub : spec.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null;
}
