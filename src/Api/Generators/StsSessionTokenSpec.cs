using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>Temporary AWS credentials.</summary>
[GeneratorKind(GeneratorKinds.StsSessionToken)]
public sealed record StsSessionTokenSpec
{
    public AwsAuth? Auth { get; init; }
    public required string Region { get; init; }
    public RequestParametersBlock? RequestParameters { get; init; }
    public string? Role { get; init; }

    public sealed record RequestParametersBlock
    {
        public string? SerialNumber { get; init; }
        public int? SessionDuration { get; init; }
        public string? TokenCode { get; init; }
    }
}
