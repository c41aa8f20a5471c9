using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Auth;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>Questions that are answered and not stored: who has this token, who am I, may I.</summary>
internal sealed class ReviewEndpoint(Authenticator authenticator, RbacAuthorizer authorizer)
{
    public static bool Answers(string group, string resource) => (group, resource) is
        ("authentication.k8s.io", "tokenreviews" or "selfsubjectreviews") or
        ("authorization.k8s.io", "selfsubjectaccessreviews" or "subjectaccessreviews" or "localsubjectaccessreviews" or "selfsubjectrulesreviews");

    public async Task HandleAsync(HttpContext context, ApiRequest request, UserInfo user, CancellationToken cancellationToken)
    {
        if (request.Verb != "create") throw ApiErrors.MethodNotAllowed();
        var review = await RequestBody.ReadObjectAsync(context, request.Resource, cancellationToken);
        review["metadata"] ??= new JsonObject();
        var spec = review["spec"] as JsonObject ?? [];
        review["status"] = request.Resource switch
        {
            "tokenreviews" => TokenStatus(spec),
            "selfsubjectreviews" => new JsonObject { ["userInfo"] = user.ToJson() },
            "selfsubjectaccessreviews" => AccessStatus(user, spec),
            "selfsubjectrulesreviews" => RulesStatus(user, spec),
            _ => AccessStatus(Subject(spec), spec),
        };
        await JsonResponses.WriteAsync(context, 201, review, cancellationToken);
    }

    private JsonObject TokenStatus(JsonObject spec)
    {
        var audiences = (spec["audiences"] as JsonArray ?? [ServiceAccountTokens.Issuer]).Select(audience => audience!.GetValue<string>()).ToList();
        var verdict = authenticator.FromToken(spec["token"]?.GetValue<string>() ?? "", audiences);
        if (verdict is null) return new JsonObject { ["user"] = new JsonObject(), ["error"] = "[invalid bearer token]" };
        return new JsonObject
        {
            ["authenticated"] = true,
            ["user"] = verdict.User.ToJson(),
            ["audiences"] = new JsonArray([.. verdict.Audiences.Select(audience => (JsonNode)audience)]),
        };
    }

    private JsonObject AccessStatus(UserInfo user, JsonObject spec)
    {
        var allowed = authorizer.Allows(user, Question(spec));
        return new JsonObject { ["allowed"] = allowed, ["reason"] = allowed ? "RBAC: allowed" : "" };
    }

    private JsonObject RulesStatus(UserInfo user, JsonObject spec)
    {
        var rules = authorizer.RulesFor(user, spec["namespace"]?.GetValue<string>() ?? "").ToList();
        if (user.IsMaster) rules.Add(new JsonObject { ["verbs"] = new JsonArray("*"), ["apiGroups"] = new JsonArray("*"), ["resources"] = new JsonArray("*") });
        var isPath = rules.ToLookup(rule => rule["nonResourceURLs"] is not null);
        return new JsonObject
        {
            ["resourceRules"] = new JsonArray([.. isPath[false].Select(rule => rule.DeepClone())]),
            ["nonResourceRules"] = new JsonArray([.. isPath[true].Select(rule => rule.DeepClone())]),
            ["incomplete"] = false,
        };
    }

    private static UserInfo Subject(JsonObject spec) =>
        new(spec["user"]?.GetValue<string>() ?? "", [.. (spec["groups"] as JsonArray ?? []).Select(group => group!.GetValue<string>())]);

    private static AccessQuestion Question(JsonObject spec)
    {
        string Text(string part, string name) => spec[part]?[name]?.GetValue<string>() ?? "";
        if (spec["nonResourceAttributes"] is not null) return new AccessQuestion(Text("nonResourceAttributes", "verb"), Path: Text("nonResourceAttributes", "path"));
        const string Resource = "resourceAttributes";
        return new AccessQuestion(Text(Resource, "verb"), Text(Resource, "group"), Text(Resource, "resource"), Text(Resource, "subresource"), Text(Resource, "namespace"), Text(Resource, "name"));
    }
}
