using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Generators.Cloudsmith;

/// <summary>
/// A token for Cloudsmith in exchange for one of a service account (https://docs.cloudsmith.com/authentication/openid-connect): <c>auth</c>, as
/// registries want it in a pull secret, and <c>expiry</c>, in seconds since 1970. It ends by itself, so there is nothing to take back.
/// </summary>
public sealed class CloudsmithGenerator : IGenerator
{
    private const string Usual = "https://api.cloudsmith.io";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    public string Kind => GeneratorKinds.CloudsmithAccessToken;

    public IReadOnlyList<string> Check(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Check(request.Spec, TokenGeneratorJson.Default.CloudsmithAccessTokenSpec, Findings);
    }

    public IEnumerable<string> Unused(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Unused(request.Spec, TokenGeneratorJson.Default.CloudsmithAccessTokenSpec, spec => UnusedOptions.Namespace("spec.serviceAccountRef", spec.ServiceAccountRef.Namespace, request.Namespace));
    }

    public async Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var spec = GeneratorSpec.Read(request.Spec, TokenGeneratorJson.Default.CloudsmithAccessTokenSpec, Findings);
        var account = spec.ServiceAccountRef;
        // The namespace of whoever wants the token, also where the reference names another: so a generator never lends what its user may not be.
        var shown = await request.Cluster.RequestTokenAsync(request.Namespace, account.Name, account.Audiences ?? [], Life, cancellationToken).ConfigureAwait(false);
        var body = await ExchangeAsync(request, spec, shown.Token, cancellationToken).ConfigureAwait(false);
        try
        {
            using var token = FoundValue.In(body, "token");
            if (token is null or { IsNull: true } || token.Text.Length == 0) throw new ProviderException(ProviderFailureKind.Invalid, "the answer of Cloudsmith has no token: is spec.apiUrl right?");
            return Made(token.Text);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private static async Task<byte[]> ExchangeAsync(GeneratorRequest request, CloudsmithAccessTokenSpec spec, string shown, CancellationToken cancellationToken)
    {
        using var http = request.Http.Create(new HttpSettings { GuardAddresses = true });
        var content = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["oidc_token"] = shown, ["service_slug"] = spec.ServiceSlug }, CloudsmithJson.Default.JsonObject);
        var address = new Uri($"{AddressOf(spec).TrimEnd('/')}/openid/{Uri.EscapeDataString(spec.OrgSlug)}/");
        try
        {
            return await new CallMeter(request.Calls, "Cloudsmith", request.Time).MeasureAsync("ExchangeToken", async () =>
            {
                using var message = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
                using var answer = await http.SendAsync(message, cancellationToken).ConfigureAwait(false);
                return answer.IsSuccessStatusCode ? answer.TakeBody() : throw HttpFailures.OfAnswer("Cloudsmith, asked for a token,", answer, request.Time);
            }).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    private static Generated Made(string token)
    {
        var end = JsonWebToken.ExpiryOf(token) ?? throw new ProviderException(ProviderFailureKind.Invalid, "the token of Cloudsmith is no JWT with an end");
        var values = new SecretValues();
        values.Set("auth", Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes("token:" + token))));
        values.Set("expiry", Encoding.UTF8.GetBytes(end.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        return new Generated(values, ExpiresAt: end);
    }

    private static string AddressOf(CloudsmithAccessTokenSpec spec) => string.IsNullOrEmpty(spec.ApiUrl) ? Usual : spec.ApiUrl;

    private static IEnumerable<string> Findings(CloudsmithAccessTokenSpec spec)
    {
        if (!Uri.TryCreate(AddressOf(spec), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) yield return "spec.apiUrl is not an http or https address";
        if (string.IsNullOrEmpty(spec.OrgSlug)) yield return "spec.orgSlug is required";
        if (string.IsNullOrEmpty(spec.ServiceSlug)) yield return "spec.serviceSlug is required";
        if (string.IsNullOrEmpty(spec.ServiceAccountRef.Name)) yield return "spec.serviceAccountRef.name is required";
    }
}
