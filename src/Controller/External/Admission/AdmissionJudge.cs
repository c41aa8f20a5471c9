using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GitOpsSecrets.Api;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Json;
using GitOpsSecrets.Providers.Rules;

namespace GitOpsSecrets.Controller.External.Admission;

/// <summary>
/// The answer to a question of the API server about an object of one kind. What is deleted needs no reason; nor does a change that leaves the spec as it is, such as that of
/// a finalizer: an object from before the webhook could never go else, nor its namespace.
/// </summary>
internal sealed class AdmissionJudge
{
    private readonly Func<JsonElement, RuleFinding> check;

    private AdmissionJudge(string plural, Func<JsonElement, RuleFinding> check)
    {
        Path = $"/validate-external-secrets-io-v1-{plural}";
        this.check = check;
    }

    /// <summary>As the original's webhook serves it.</summary>
    public string Path { get; }

    /// <summary>One for each kind that the original checks.</summary>
    public static IReadOnlyList<AdmissionJudge> All(ProviderCatalog providers)
    {
        var stores = new SecretStoreRules(providers);
        return
        [
            Of("externalsecret", ApiJson.Compact.ExternalSecret, ExternalSecretRules.Check),
            Of("secretstore", ApiJson.Compact.SecretStore, stores.Check),
            Of("clustersecretstore", ApiJson.Compact.ClusterSecretStore, stores.Check),
        ];
    }

    public AdmissionResponse Answer(AdmissionRequest request)
    {
        var finding = request is { Operation: not "DELETE", Object: { ValueKind: JsonValueKind.Object } subject } && !IsSettled(subject, request.OldObject) ? Look(subject) : new RuleFinding([], []);
        return new AdmissionResponse
        {
            Uid = request.Uid ?? "",
            Allowed = finding.IsAllowed,
            Status = finding.IsAllowed ? null : Refused(finding),
            Warnings = finding.Warnings.Count == 0 ? null : finding.Warnings,
        };
    }

    private static AdmissionJudge Of<T>(string plural, JsonTypeInfo<T> shape, Func<T, RuleFinding> check) =>
        new(plural, subject => check(subject.Deserialize(shape)!));

    private static bool IsSettled(JsonElement subject, JsonElement? before) =>
        JsonMembers.Text(JsonMembers.Member(subject, "metadata"), "deletionTimestamp") is not null
        || (before is { } old && JsonMembers.Member(old, "spec") is { ValueKind: JsonValueKind.Object } was && JsonElement.DeepEquals(was, JsonMembers.Member(subject, "spec")));

    private RuleFinding Look(JsonElement subject)
    {
        try
        {
            return check(subject);
        }
        catch (JsonException failure)
        {
            // Its message names types and fields, and no value.
            return new([new RuleRefusal(failure.Path ?? "", failure.Message)], []);
        }
    }

    private static AdmissionStatus Refused(RuleFinding finding) => new()
    {
        Code = StatusCodes.Status403Forbidden,
        Reason = "Forbidden",
        Message = finding.Message,
        Details = new() { All = [.. finding.Refusals.Select(refusal => new AdmissionStatus.Cause { Reason = "FieldValueInvalid", Message = refusal.Message, Field = refusal.Path })] },
    };
}
