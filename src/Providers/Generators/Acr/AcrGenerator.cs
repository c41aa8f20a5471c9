using System.Text;
using System.Text.Json;
using global::Azure.Core;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Azure;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Generators.Acr;

/// <summary>
/// A login to Azure Container Registry: <c>username</c> and <c>password</c>. An identity of Azure is exchanged for a refresh token, which may do what the
/// identity may; with a scope, that one for an access token, which may do what the scope says
/// (https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md).
/// </summary>
public sealed class AcrGenerator : IGenerator
{
    // What registries take for "the password is a token".
    private const string Nobody = "00000000-0000-0000-0000-000000000000";

    public string Kind => GeneratorKinds.AcrAccessToken;

    internal AzureSurroundings Surroundings { get; init; } = AzureSurroundings.OfProcess;

    public IReadOnlyList<string> Check(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Check(request.Spec, GeneratorJson.Default.AcrAccessTokenSpec, AcrRules.Findings);
    }

    public IEnumerable<string> Unused(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Unused(request.Spec, GeneratorJson.Default.AcrAccessTokenSpec, spec => AcrRules.Unused(spec.Auth, request.Namespace));
    }

    public async Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var spec = GeneratorSpec.Read(request.Spec, GeneratorJson.Default.AcrAccessTokenSpec, AcrRules.Findings);
        var cloud = AzureCloud.Of(spec.EnvironmentType, null).LoggingInAt(Surroundings.Value(AzureSurroundings.AuthorityHost));
        var meter = new CallMeter(request.Calls, "Azure/ContainerRegistry", request.Time);
        using var credential = new AzureLogins(request.Cluster, request.Http, Surroundings, meter, request.Time).Choose(AcrRules.IdentityOf(spec, request.Namespace), cloud, retry: null, shownTo: null);
        var token = await credential.GetTokenAsync(new TokenRequestContext([cloud.ManagementResource + "/.default"]), cancellationToken).ConfigureAwait(false);
        using var http = request.Http.Create(new HttpSettings { GuardAddresses = true });
        var exchange = new Exchange(http, meter, AcrRules.RegistryOf(spec)!, request.Time);
        var password = await exchange.AskAsync("exchange", "refresh_token", [new("grant_type", "access_token"), .. Tenant(spec), new("access_token", token.Token)], cancellationToken).ConfigureAwait(false);
        if (!string.IsNullOrEmpty(spec.Scope))
            password = await exchange.AskAsync("token", "access_token", [new("grant_type", "refresh_token"), new("scope", spec.Scope), new("refresh_token", password)], cancellationToken).ConfigureAwait(false);
        var values = new SecretValues();
        values.Set("username", Encoding.UTF8.GetBytes(Nobody));
        values.Set("password", Encoding.UTF8.GetBytes(password));
        return new Generated(values, ExpiresAt: JsonWebToken.ExpiryOf(password));
    }

    private static IEnumerable<KeyValuePair<string, string>> Tenant(AcrAccessTokenSpec spec) => string.IsNullOrEmpty(spec.TenantId) ? [] : [new("tenant", spec.TenantId)];

    /// <summary>The two token calls of a registry.</summary>
    private sealed class Exchange(HttpClient http, CallMeter meter, Uri registry, TimeProvider time)
    {
        public Task<string> AskAsync(string call, string wanted, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken cancellationToken) => meter.MeasureAsync(call, async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(registry, "/oauth2/" + call));
            request.Content = new FormUrlEncodedContent([new("service", registry.Authority), .. fields]);
            request.Options.Set(ProviderRequest.MayRepeat, true);
            using var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode) throw HttpFailures.OfAnswer($"registry {registry.Authority}, asked for {(call == "exchange" ? "a refresh token" : "an access token of this scope")},", answer, time);
            try
            {
                using var document = JsonDocument.Parse(answer.Body());
                if (JsonMembers.Text(document.RootElement, wanted) is { Length: > 0 } token) return token;
            }
            catch (JsonException)
            {
                // Told below.
            }
            throw new ProviderException(ProviderFailureKind.Invalid, $"the answer of {registry.Authority} holds no token: is spec.registry right?");
        });
    }
}
