using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Generators.Quay;

/// <summary>
/// A login of a robot account of Quay, for a service account that the robot trusts: <c>registry</c>, <c>auth</c> (base64 of <c>ROBOT:TOKEN</c>, as in Docker's
/// config) and <c>expiry</c> (https://docs.projectquay.io/manage_quay.html#exchanging-oauth2-robot-account-token).
/// </summary>
public sealed class QuayGenerator : IGenerator
{
    private const string PublicQuay = "quay.io";
    private static readonly TimeSpan ShortLived = TimeSpan.FromMinutes(10);

    public string Kind => GeneratorKinds.QuayAccessToken;

    public IReadOnlyList<string> Check(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Check(request.Spec, GeneratorJson.Default.QuayAccessTokenSpec, Findings);
    }

    public IEnumerable<string> Unused(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Unused(request.Spec, GeneratorJson.Default.QuayAccessTokenSpec, spec => UnusedOptions.Namespace("spec.serviceAccountRef", spec.ServiceAccountRef.Namespace, request.Namespace));
    }

    public async Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var spec = GeneratorSpec.Read(request.Spec, GeneratorJson.Default.QuayAccessTokenSpec, Findings);
        var registry = RegistryOf(spec)!;
        var account = await request.Cluster.RequestTokenAsync(request.Namespace, spec.ServiceAccountRef.Name, spec.ServiceAccountRef.Audiences ?? [], ShortLived, cancellationToken).ConfigureAwait(false);
        var token = await ExchangeAsync(request, spec.RobotAccount, registry, account.Token, cancellationToken).ConfigureAwait(false);
        var end = JsonWebToken.ExpiryOf(token) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"the token of {registry.Authority} does not say when it ends: is spec.url right?");
        var values = new SecretValues();
        values.Set("registry", Encoding.UTF8.GetBytes(registry.Authority));
        values.Set("auth", Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{spec.RobotAccount}:{token}"))));
        values.Set("expiry", Encoding.ASCII.GetBytes(end.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
        return new Generated(values, ExpiresAt: end);
    }

    private static async Task<string> ExchangeAsync(GeneratorRequest request, string robot, Uri registry, string account, CancellationToken cancellationToken)
    {
        using var http = request.Http.Create(new HttpSettings { GuardAddresses = true });
        return await new CallMeter(request.Calls, "Quay", request.Time).MeasureAsync("ExchangeToken", async () =>
        {
            using var call = new HttpRequestMessage(HttpMethod.Get, new Uri(registry, "/oauth2/federation/robot/token"));
            call.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{robot}:{account}")));
            using var answer = await http.SendAsync(call, cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode) throw HttpFailures.OfAnswer($"{registry.Authority}, asked for a token of robot {robot},", answer, request.Time);
            try
            {
                using var document = JsonDocument.Parse(answer.Body());
                if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("token", out var token) && token.ValueKind == JsonValueKind.String) return token.GetString()!;
            }
            catch (JsonException)
            {
                // Told below.
            }
            throw new ProviderException(ProviderFailureKind.Invalid, $"the answer of {registry.Authority} holds no token: is spec.url right?");
        }).ConfigureAwait(false);
    }

    private static IEnumerable<string> Findings(QuayAccessTokenSpec spec)
    {
        if (string.IsNullOrEmpty(spec.RobotAccount)) yield return "spec.robotAccount is required";
        if (string.IsNullOrEmpty(spec.ServiceAccountRef?.Name)) yield return "spec.serviceAccountRef.name is required";
        if (RegistryOf(spec) is null) yield return $"spec.url \"{spec.Url}\" is not a host, such as {PublicQuay}, or an https address of one";
    }

    /// <summary>Null where it names something else.</summary>
    private static Uri? RegistryOf(QuayAccessTokenSpec spec)
    {
        var host = string.IsNullOrEmpty(spec.Url) ? PublicQuay : spec.Url.TrimEnd('/');
        if (host.StartsWith("https://", StringComparison.Ordinal)) host = host["https://".Length..];
        return Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var address) && address.Authority.Equals(host, StringComparison.OrdinalIgnoreCase) ? address : null;
    }
}
