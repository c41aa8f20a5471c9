using GitOpsSecrets.LocalCluster.Resources;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>The server's refusals, worded as a real API server words them.</summary>
internal static class ApiErrors
{
    public static ApiException NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.GroupResource} \"{name}\" not found") { Group = type.Group, Kind = type.Plural, Name = name };

    public static ApiException NoSuchResource() => new(404, "NotFound", "the server could not find the requested resource");

    public static ApiException AlreadyExists(ResourceType type, string name) =>
        new(409, "AlreadyExists", $"{type.GroupResource} \"{name}\" already exists") { Group = type.Group, Kind = type.Plural, Name = name };

    public static ApiException Modified(ResourceType type, string name) =>
        Conflict(type, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiException Conflict(ResourceType type, string name, string detail) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {type.GroupResource} \"{name}\": {detail}")
        {
            Group = type.Group,
            Kind = type.Plural,
            Name = name,
        };

    /// <summary>Preconditions of a delete are worded with the kind in place of the resource.</summary>
    public static ApiException PreconditionFailed(ResourceType type, string name, string detail)
    {
        var kind = type.Group.Length == 0 ? type.Kind : $"{type.Kind}.{type.Group}";
        return new(409, "Conflict", $"Operation cannot be fulfilled on {kind} \"{name}\": {detail}") { Group = type.Group, Kind = type.Kind, Name = name };
    }

    public static ApiException Invalid(ResourceType type, string name, IReadOnlyList<FieldError> errors)
    {
        var kind = type.Group.Length == 0 ? type.Kind : $"{type.Kind}.{type.Group}";
        var texts = errors.Select(error => $"{error.Field}: {error.Message}").ToList();
        var text = texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
        return new(422, "Invalid", $"{kind} \"{name}\" is invalid: {text}")
        {
            Group = type.Group,
            Kind = type.Kind,
            Name = name,
            Causes = [.. errors.Select(error => new StatusCause(error.Reason, error.Message, error.Field))],
        };
    }

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message) { HasDetails = false };

    public static ApiException Forbidden(ResourceType type, string name, string detail) =>
        new(403, "Forbidden", $"{type.GroupResource} \"{name}\" is forbidden: {detail}") { Group = type.Group, Kind = type.Plural, Name = name };

    public static ApiException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");

    public static ApiException UnsupportedMediaType() => new(415, "UnsupportedMediaType", "415: Unsupported Media Type");

    public static ApiException NotAcceptable() => new(406, "NotAcceptable", "406: Not Acceptable");

    public static ApiException Unauthorized() => new(401, "Unauthorized", "Unauthorized") { HasDetails = false };

    public static ApiException TooManyRequests(int retryAfterSeconds) =>
        new(429, "TooManyRequests", "Too many requests, please try again later.") { RetryAfterSeconds = retryAfterSeconds };

    public static ApiException InternalError(string message) => new(500, "InternalError", "Internal error occurred: " + message);

    public static ApiException TooOld(long wanted, long oldest) =>
        new(410, "Expired", $"too old resource version: {wanted} ({oldest})") { HasDetails = false };

    public static ApiException ContinueExpired(string restart) =>
        new(410, "Expired", "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.")
        {
            HasDetails = false,
            Continue = restart,
        };

    public static ApiException RequestTooLarge(long limit) =>
        new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {limit}");
}
