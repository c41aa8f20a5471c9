using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Aws;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Generators.Aws;

/// <summary>
/// A user name and a password for an Elastic Container Registry, private or public, that hold for twelve hours
/// (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html).
/// </summary>
/// <param name="variable">Reads a variable of the environment; null when it is not set.</param>
public sealed class EcrGenerator(Func<string, string?> variable) : IGenerator
{
    private const string Private = "private";
    private const string Public = "public";

    // Public registries are in one region, whatever region the spec names.
    private const string PublicRegion = "us-east-1";

    private readonly AwsSurroundings surroundings = new(variable);

    public EcrGenerator()
        : this(Environment.GetEnvironmentVariable)
    {
    }

    public string Kind => GeneratorKinds.EcrAuthorizationToken;

    public IReadOnlyList<string> Check(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Check(request.Spec, GeneratorJson.Default.EcrAuthorizationTokenSpec, spec => Problems(request, spec));
    }

    public IEnumerable<string> Unused(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Unused(request.Spec, GeneratorJson.Default.EcrAuthorizationTokenSpec, UnusedOf);
    }

    public async Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var spec = GeneratorSpec.Read(request.Spec, GeneratorJson.Default.EcrAuthorizationTokenSpec, read => Problems(request, read));
        using var connection = await AwsGenerators.ConnectAsync(request, Kind, surroundings, spec.Region, spec.Auth, spec.Role, cancellationToken).ConfigureAwait(false);
        var client = spec.Scope == Public ? connection.ClientOf(AwsService.PublicRegistry, PublicRegion) : connection.ClientOf(AwsService.Registry);
        using var answer = await client.SendAsync(new("GetAuthorizationToken", AwsBody.Of(_ => { })), cancellationToken).ConfigureAwait(false);
        // A private registry answers with a list of one, a public one with the one.
        var data = JsonMembers.Member(answer.Root, "authorizationData");
        if (data.ValueKind == JsonValueKind.Array) data = data.EnumerateArray().FirstOrDefault();
        return ValuesOf(data) ?? throw new ProviderException(ProviderFailureKind.Invalid, "ECR's answer holds no authorization token");
    }

    private IEnumerable<string> Problems(GeneratorRequest request, EcrAuthorizationTokenSpec spec) =>
    [
        .. AwsGenerators.Problems(request, Kind, spec.Region, spec.Auth),
        .. spec.Scope is null or "" or Private or Public ? [] : (string[])[$"spec.scope \"{spec.Scope}\" is neither {Private} nor {Public}"],
    ];

    private static IEnumerable<string> UnusedOf(EcrAuthorizationTokenSpec spec)
    {
        // Every login but that by keys, and every role, asks STS in the region.
        var asksRegion = spec.Auth is not { SecretRef: not null, Jwt: null or { ServiceAccountRef: null } } || !string.IsNullOrEmpty(spec.Role);
        if (spec.Scope == Public && spec.Region != PublicRegion && !asksRegion) yield return "spec.region";
        foreach (var field in AwsRules.UnusedWays("spec.auth", spec.Auth?.Jwt, spec.Auth?.SecretRef)) yield return field;
    }

    private static Generated? ValuesOf(JsonElement data)
    {
        if (JsonMembers.Member(data, "authorizationToken") is not { ValueKind: JsonValueKind.String } token || !token.TryGetBytesFromBase64(out var login)) return null;
        try
        {
            var colon = login.AsSpan().IndexOf((byte)':');
            if (colon < 0) return null;
            var values = new SecretValues();
            values.Set("username", login[..colon]);
            values.Set("password", login[(colon + 1)..]);
            var expiresAt = JsonMembers.Member(data, "expiresAt") is { ValueKind: JsonValueKind.Number } end ? DateTimeOffset.FromUnixTimeSeconds((long)end.GetDouble()) : (DateTimeOffset?)null;
            if (expiresAt is { } known) values.Set("expires_at", Encoding.ASCII.GetBytes(known.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
            if (JsonMembers.Text(data, "proxyEndpoint") is { } endpoint) values.Set("proxy_endpoint", Encoding.UTF8.GetBytes(endpoint));
            return new Generated(values, ExpiresAt: expiresAt);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(login);
        }
    }
}
