using System.Globalization;
using System.Text;
using Amazon.SecurityToken.Model;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Aws;

namespace GitOpsSecrets.Providers.Generators.Aws;

/// <summary>Temporary AWS credentials of whoever the spec logs in as (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).</summary>
/// <param name="variable">Reads a variable of the environment; null when it is not set.</param>
public sealed class StsGenerator(Func<string, string?> variable) : IGenerator
{
    private readonly AwsSurroundings surroundings = new(variable);

    public StsGenerator()
        : this(Environment.GetEnvironmentVariable)
    {
    }

    public string Kind => GeneratorKinds.StsSessionToken;

    public IReadOnlyList<string> Check(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Check(request.Spec, GeneratorJson.Default.StsSessionTokenSpec, spec => Problems(request, spec));
    }

    public IEnumerable<string> Unused(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Unused(request.Spec, GeneratorJson.Default.StsSessionTokenSpec, spec => AwsRules.UnusedWays("spec.auth", spec.Auth?.Jwt, spec.Auth?.SecretRef));
    }

    public async Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var spec = GeneratorSpec.Read(request.Spec, GeneratorJson.Default.StsSessionTokenSpec, read => Problems(request, read));
        using var connection = await AwsGenerators.ConnectAsync(request, Kind, surroundings, spec.Region, spec.Auth, spec.Role, cancellationToken).ConfigureAwait(false);
        var caller = await connection.Identity.ReadAsync(cancellationToken).ConfigureAwait(false);
        var session = await connection.Tokens.SessionAsync(RequestOf(spec.RequestParameters), caller, cancellationToken).ConfigureAwait(false);
        var values = new SecretValues();
        values.Set("access_key_id", Encoding.UTF8.GetBytes(session.AccessKeyId));
        values.Set("secret_access_key", Encoding.UTF8.GetBytes(session.SecretAccessKey));
        values.Set("session_token", Encoding.UTF8.GetBytes(session.SessionToken!));
        values.Set("expiration", Encoding.ASCII.GetBytes(session.ExpiresAt!.Value.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        return new Generated(values, ExpiresAt: session.ExpiresAt);
    }

    private IEnumerable<string> Problems(GeneratorRequest request, StsSessionTokenSpec spec)
    {
        foreach (var problem in AwsGenerators.Problems(request, Kind, spec.Region, spec.Auth)) yield return problem;
        if (spec.RequestParameters?.SessionDuration is <= 0) yield return "spec.requestParameters.sessionDuration must be a number of seconds";
        if (string.IsNullOrEmpty(spec.RequestParameters?.SerialNumber) != string.IsNullOrEmpty(spec.RequestParameters?.TokenCode)) yield return "spec.requestParameters: serialNumber and tokenCode go together";
    }

    private static GetSessionTokenRequest RequestOf(StsSessionTokenSpec.RequestParametersBlock? block)
    {
        var request = new GetSessionTokenRequest();
        if (block?.SessionDuration is { } seconds) request.DurationSeconds = seconds;
        if (block?.SerialNumber is { Length: > 0 } serial) request.SerialNumber = serial;
        if (block?.TokenCode is { Length: > 0 } code) request.TokenCode = code;
        return request;
    }
}
