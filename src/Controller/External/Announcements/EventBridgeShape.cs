using System.Text.Json;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>
/// Events of Amazon EventBridge: of Secrets Manager, which come by way of CloudTrail (<c>AWS API Call via CloudTrail</c>, <c>AWS Service Event via CloudTrail</c>), of
/// Parameter Store (<c>Parameter Store Change</c>), and of Certificate Manager (<c>ACM Certificate Available</c>: issued or renewed). One a request.
/// </summary>
internal sealed class EventBridgeShape : IEventShape
{
    private const string Provider = "aws";

    /// <summary>After which a secret is another, is there, or is not.</summary>
    private static readonly HashSet<string> Changes = new(StringComparer.Ordinal)
    {
        "CreateSecret", "PutSecretValue", "UpdateSecret", "UpdateSecretVersionStage", "RestoreSecret", "DeleteSecret", "RotationSucceeded",
    };

    public IReadOnlyList<ToldChange>? Read(JsonElement root)
    {
        if (JsonMembers.Text(root, "source") is not { } source || JsonMembers.Member(root, "detail") is not { ValueKind: JsonValueKind.Object } detail) return null;
        return source switch
        {
            "aws.secretsmanager" => Secret(root, detail),
            "aws.ssm" => Parameter(root, detail),
            "aws.acm" => Certificate(root, detail),
            _ => [],
        };
    }

    private static List<ToldChange> Secret(JsonElement root, JsonElement detail)
    {
        if (JsonMembers.Text(detail, "eventName") is not { } name || !Changes.Contains(name)) return [];
        // A call that was refused changed nothing.
        if (JsonMembers.Text(detail, "errorCode") is not null) return [];
        var (asked, answered) = (JsonMembers.Member(detail, "requestParameters"), JsonMembers.Member(detail, "responseElements"));
        // Some calls answer with an aRN.
        var key = JsonMembers.Text(answered, "arn") ?? JsonMembers.Text(answered, "aRN") ?? JsonMembers.Text(answered, "ARN")
            ?? JsonMembers.Text(asked, "secretId") ?? JsonMembers.Text(asked, "name")
            ?? JsonMembers.Text(JsonMembers.Member(detail, "additionalEventData"), "SecretId");
        return key is { Length: > 0 } ? [Told(root, detail, key, AwsStore.SecretsManagerService)] : [];
    }

    private static List<ToldChange> Parameter(JsonElement root, JsonElement detail) =>
        JsonMembers.Text(root, "detail-type") == "Parameter Store Change" && JsonMembers.Text(detail, "name") is { Length: > 0 } name ? [Told(root, detail, name, AwsStore.ParameterStoreService)] : [];

    private static List<ToldChange> Certificate(JsonElement root, JsonElement detail) =>
        JsonMembers.Text(root, "detail-type") == "ACM Certificate Available" && JsonMembers.Member(root, "resources") is { ValueKind: JsonValueKind.Array } resources
            && resources.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.String } arn && arn.GetString() is { Length: > 0 } key
            ? [Told(root, detail, key, AwsStore.CertificateManagerService)]
            : [];

    private static ToldChange Told(JsonElement root, JsonElement detail, string key, string service) =>
        new(new RemoteChange(Provider, key) { Part = service, Region = JsonMembers.Text(detail, "awsRegion") ?? JsonMembers.Text(root, "region") });
}
