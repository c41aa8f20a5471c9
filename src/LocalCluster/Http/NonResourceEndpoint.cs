using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Auth;
using GitOpsSecrets.LocalCluster.Discovery;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>Everything outside the resources: discovery, OpenAPI, version, health, token issuer.</summary>
internal sealed class NonResourceEndpoint(DiscoveryDocuments discovery, OpenApiDocuments openApi, ServiceAccountTokens tokens, RbacAuthorizer authorizer)
{
    public Task HandleAsync(HttpContext context, string path, UserInfo user, CancellationToken cancellationToken)
    {
        var question = new AccessQuestion(context.Request.Method.ToLowerInvariant(), Path: path);
        if (!authorizer.Allows(user, question)) throw new ApiException(403, "Forbidden", "forbidden: " + question.Refusal(user));
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)) throw ApiErrors.MethodNotAllowed();
        if (IsHealth(path)) return JsonResponses.WriteTextAsync(context, 200, "ok", cancellationToken);
        if (path == "/openapi/v2" && context.Request.Headers.Accept == SwaggerProtobuf.Accept)
            return JsonResponses.WriteAsync(context, 200, SwaggerProtobuf.WithoutDefinitions, SwaggerProtobuf.MediaType, cancellationToken);
        var body = Document(context, path) ?? throw ApiErrors.NoSuchResource();
        return JsonResponses.WriteAsync(context, 200, body, cancellationToken);
    }

    private static bool IsHealth(string path) =>
        path is "/healthz" or "/livez" or "/readyz" || path.StartsWith("/healthz/", StringComparison.Ordinal)
        || path.StartsWith("/livez/", StringComparison.Ordinal) || path.StartsWith("/readyz/", StringComparison.Ordinal);

    private JsonObject? Document(HttpContext context, string path)
    {
        var parts = path.Trim('/').Split('/');
        return parts switch
        {
            ["version"] => ServerVersion.Json(),
            ["api"] => DiscoveryDocuments.CoreVersions(context.Request.Host.Value ?? ""),
            ["api", var version] => discovery.Resources("", version),
            ["apis"] => discovery.Groups(),
            ["apis", var group] => discovery.GroupDocument(group),
            ["apis", var group, var version] => discovery.Resources(group, version),
            ["openapi", "v2"] => openApi.Swagger(),
            ["openapi", "v3"] => openApi.Index(),
            ["openapi", "v3", "api", var version] => openApi.Version(version),
            ["openapi", "v3", "apis", var group, var version] => openApi.Version($"{group}/{version}"),
            ["openid", "v1", "jwks"] => tokens.KeySet(),
            [".well-known", "openid-configuration"] => Issuer(context),
            [""] => Roots(),
            _ => null,
        };
    }

    private JsonObject Roots() => new()
    {
        ["paths"] = new JsonArray([.. ((string[])["/api", "/api/v1", "/apis"]).Concat(discovery.GroupNames().Select(group => "/apis/" + group))
            .Concat(["/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"]).Select(root => (JsonNode)root)]),
    };

    private static JsonObject Issuer(HttpContext context) => new()
    {
        ["issuer"] = ServiceAccountTokens.Issuer,
        ["jwks_uri"] = $"https://{context.Request.Host}/openid/v1/jwks",
        ["response_types_supported"] = new JsonArray("id_token"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("ES256"),
    };
}
