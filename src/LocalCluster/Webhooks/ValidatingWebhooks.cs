using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Objects;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Webhooks;

/// <summary>
/// Asks what ValidatingWebhookConfigurations name, by URL, before a custom resource is created or changed. Unlike a real server it knows neither
/// services nor selectors, does not ask about deletions, and asks one after the other.
/// </summary>
internal sealed class ValidatingWebhooks(ObjectStore store)
{
    private const string Configurations = "validatingwebhookconfigurations.admissionregistration.k8s.io";

    /// <summary>Does a write, after having asked about what it would give.</summary>
    /// <param name="write">Is done twice where somebody is to be asked: first without effect.</param>
    /// <exception cref="ApiException">As the write; or a webhook refused, or could not be asked and says that this counts as refusal.</exception>
    public async Task<T> AdmitAsync<T>(ResourceType type, string operation, WriteOptions options, Func<WriteOptions, T> write, Func<T, StoredObject> written, CancellationToken cancellationToken)
    {
        var webhooks = options.Subresource.Length > 0 || !type.IsCustom ? [] : Matching(type, operation).ToList();
        if (webhooks.Count > 0)
        {
            var preview = written(write(new WriteOptions(options.FieldManager, IsDryRun: true, options.FieldValidation, options.Subresource)));
            foreach (var (webhook, version) in webhooks) await AskAsync(webhook, type, version, operation, ObjectView.Copy(preview, type), options, cancellationToken);
        }
        return write(options);
    }

    /// <summary>With each the version in which it wants objects: a rule stands for all versions of its resource unless it says Exact.</summary>
    private IEnumerable<(JsonObject Webhook, string Version)> Matching(ResourceType type, string operation) =>
        from configuration in store.Snapshot(Configurations).Objects.Values
        from webhook in (configuration.Json["webhooks"] as JsonArray ?? []).OfType<JsonObject>()
        let rule = (webhook["rules"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(rule =>
            Has(rule["apiGroups"], type.Group) && Has(rule["resources"], type.Plural) && Has(rule["operations"], operation)
            && (Has(rule["apiVersions"], type.Version) || (string?)webhook["matchPolicy"] is null or "Equivalent"))
        where rule is not null
        select (webhook, Has(rule["apiVersions"], type.Version) ? type.Version : (string)rule["apiVersions"]![0]!);

    private static bool Has(JsonNode? list, string text) => (list as JsonArray ?? []).Any(item => (string?)item is { } one && (one == text || one == "*"));

    private static async Task AskAsync(JsonObject webhook, ResourceType type, string version, string operation, JsonObject subject, WriteOptions options, CancellationToken cancellationToken)
    {
        var name = (string)webhook["name"]!;
        JsonNode answer;
        try
        {
            answer = await SendAsync(webhook["clientConfig"]!, Question(type, version, operation, subject, options), cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or InvalidOperationException or FormatException)
        {
            if ((string?)webhook["failurePolicy"] == "Ignore") return;
            throw new ApiException(500, "InternalError", $"Internal error occurred: failed calling webhook \"{name}\": {failure.Message}");
        }
        options.Warnings.AddRange((answer["warnings"] as JsonArray ?? []).Select(warning => (string)warning!));
        if ((bool?)answer["allowed"] == true) return;
        var status = answer["status"];
        throw new ApiException((int?)status?["code"] ?? 400, (string?)status?["reason"], $"admission webhook \"{name}\" denied the request: {(string?)status?["message"]}")
        {
            Causes = [.. (status?["details"]?["causes"] as JsonArray ?? []).Select(cause => new StatusCause((string?)cause!["reason"] ?? "", (string?)cause["message"] ?? "", (string?)cause["field"] ?? ""))],
        };
    }

    private static JsonObject Question(ResourceType type, string version, string operation, JsonObject subject, WriteOptions options)
    {
        subject["apiVersion"] = $"{type.Group}/{version}";
        return new JsonObject
        {
            ["kind"] = "AdmissionReview",
            ["apiVersion"] = "admission.k8s.io/v1",
            ["request"] = new JsonObject
            {
                ["uid"] = Guid.NewGuid().ToString(),
                ["kind"] = new JsonObject { ["group"] = type.Group, ["version"] = version, ["kind"] = type.Kind },
                ["resource"] = new JsonObject { ["group"] = type.Group, ["version"] = version, ["resource"] = type.Plural },
                ["name"] = subject["metadata"]?["name"]?.DeepClone(),
                ["namespace"] = subject["metadata"]?["namespace"]?.DeepClone(),
                ["operation"] = operation,
                ["object"] = subject,
                ["dryRun"] = options.IsDryRun,
            },
        };
    }

    private static async Task<JsonNode> SendAsync(JsonNode config, JsonObject question, CancellationToken cancellationToken)
    {
        var address = new Uri((string?)config["url"] ?? throw new InvalidOperationException("a webhook without url"));
        using var client = new HttpClient(PinnedHandler.For((string?)config["caBundle"]));
        using var content = new StringContent(question.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await client.PostAsync(address, content, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var review = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        return review?["response"] is { } response && (string?)response["uid"] == (string?)question["request"]!["uid"]
            ? response
            : throw new InvalidOperationException("the answer is not to this question");
    }
}
