using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Auth;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary><c>POST …/serviceaccounts/NAME/token</c>.</summary>
internal sealed class TokenRequestEndpoint(ObjectStore store, ServiceAccountTokens tokens, TimeProvider time)
{
    private const long Shortest = 600;
    private const long Longest = 1L << 32;
    private const long Default = 3600;

    public async Task HandleAsync(HttpContext context, ApiRequest request, CancellationToken cancellationToken)
    {
        if (request.Verb != "create") throw ApiErrors.MethodNotAllowed();
        var account = store.Find("serviceaccounts", new ObjectKey(request.Namespace, request.Name)) ?? throw ApiErrors.NotFound(request.Type!, request.Name);
        var body = await RequestBody.ReadObjectAsync(context, "TokenRequest", cancellationToken);
        var spec = body["spec"] as JsonObject ?? [];
        var seconds = spec["expirationSeconds"]?.GetValue<long>() ?? Default;
        CheckLifetime(seconds);
        var audiences = (spec["audiences"] as JsonArray ?? []).Select(audience => audience!.GetValue<string>()).ToList();
        if (audiences.Count == 0) audiences.Add(ServiceAccountTokens.Issuer);
        var lifetime = TimeSpan.FromSeconds(seconds);
        spec["audiences"] = new JsonArray([.. audiences.Select(audience => (JsonNode)audience)]);
        spec["expirationSeconds"] = seconds;
        var answer = new JsonObject
        {
            ["kind"] = "TokenRequest",
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["metadata"] = new JsonObject { ["name"] = request.Name, ["namespace"] = request.Namespace },
            ["spec"] = spec.DeepClone(),
            ["status"] = new JsonObject
            {
                ["token"] = tokens.Issue(request.Namespace, request.Name, account.Uid, audiences, lifetime),
                ["expirationTimestamp"] = Timestamps.Seconds(time.GetUtcNow() + lifetime),
            },
        };
        await JsonResponses.WriteAsync(context, 201, answer, cancellationToken);
    }

    private static void CheckLifetime(long seconds)
    {
        var error = seconds switch
        {
            < Shortest => FieldError.Invalid("spec.expirationSeconds", $"{seconds}", "may not specify a duration less than 10 minutes"),
            > Longest => FieldError.Invalid("spec.expirationSeconds", $"{seconds}", "may not specify a duration larger than 2^32 seconds"),
            _ => null,
        };
        if (error is null) return;
        throw new ApiException(422, "Invalid", $"TokenRequest.authentication.k8s.io \"\" is invalid: {error.Field}: {error.Message}")
        {
            Group = "authentication.k8s.io",
            Kind = "TokenRequest",
            Causes = [new StatusCause(error.Reason, error.Message, error.Field)],
        };
    }
}
