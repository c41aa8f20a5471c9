using GitOpsSecrets.LocalCluster.Auth;
using GitOpsSecrets.LocalCluster.Resources;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>The path of every request: faults, who is it, may they, do it.</summary>
internal sealed class ApiHandler(
    ResourceCatalog catalog, Authenticator authenticator, RbacAuthorizer authorizer, ResourceEndpoints resources,
    NonResourceEndpoint others, BodyTranslation bodies, ClusterFaults faults, RequestLog log, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        var path = context.Request.Path.Value ?? "/";
        var request = ApiRequest.Parse(context.Request.Method, path, context.Request.Query["watch"].ToString() is "1" or "true");
        var user = UserInfo.Anonymous;
        var answered = false;
        context.Response.OnStarting(() =>
        {
            answered = true;
            Record(context, request, user); // before the client can know of the answer, and a watch when it begins
            return Task.CompletedTask;
        });
        try
        {
            if (await MeetFaultsAsync(context, request, cancellationToken)) return;
            user = Impersonation.Apply(context, authenticator.Authenticate(context), authorizer);
            if (request is null) await others.HandleAsync(context, path, user, cancellationToken);
            else await ServeAsync(context, request, user, cancellationToken);
        }
        catch (ApiException e) when (!context.Response.HasStarted)
        {
            await JsonResponses.WriteErrorAsync(context, e, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The client went away.
        }
        finally
        {
            if (!answered && cancellationToken.IsCancellationRequested) Record(context, request, user); // the client left without an answer
        }
    }

    private async Task ServeAsync(HttpContext context, ApiRequest request, UserInfo user, CancellationToken cancellationToken)
    {
        var question = new AccessQuestion(request.Verb, request.Group, request.Resource, request.Subresource, HomeOf(request), request.Name);
        if (!authorizer.Allows(user, question)) throw Refusal(request, question, user);
        await bodies.TranslateAsync(context, cancellationToken);
        if (ReviewEndpoint.Answers(request.Group, request.Resource))
        {
            await resources.Reviews.HandleAsync(context, request, user, cancellationToken);
            return;
        }

        var type = catalog.Find(request.Group, request.Version, request.Resource) ?? throw ApiErrors.NoSuchResource();
        if (!type.IsNamespaced && request.Namespace.Length > 0) throw ApiErrors.NoSuchResource();
        if (type.IsNamespaced && request.Namespace.Length == 0 && request.Name.Length > 0) throw ApiErrors.NoSuchResource();
        await resources.HandleAsync(context, request with { Type = type }, cancellationToken);
    }

    /// <summary>A namespace object itself counts as inside its namespace.</summary>
    private static string HomeOf(ApiRequest request) => request is { Group: "", Resource: "namespaces" } ? request.Name : request.Namespace;

    private static ApiException Refusal(ApiRequest request, AccessQuestion question, UserInfo user)
    {
        var resource = request.Group.Length == 0 ? request.Resource : $"{request.Resource}.{request.Group}";
        var named = request.Name.Length == 0 ? resource : $"{resource} \"{request.Name}\"";
        return new ApiException(403, "Forbidden", $"{named} is forbidden: {question.Refusal(user)}") { Group = request.Group, Kind = request.Resource, Name = request.Name };
    }

    /// <returns>Whether a fault has answered in place of the server.</returns>
    private async Task<bool> MeetFaultsAsync(HttpContext context, ApiRequest? request, CancellationToken cancellationToken)
    {
        var verb = request?.Verb ?? context.Request.Method.ToLowerInvariant();
        var resource = request is null ? "" : ClusterFaults.Name(request);
        var path = context.Request.Path + context.Request.QueryString;
        await faults.DelayAsync(verb, resource, path, time, cancellationToken);
        if (faults.Take(FaultKind.Disconnect, verb, resource, path) is not null)
        {
            context.Abort();
            return true;
        }

        if (faults.Take(FaultKind.Answer, verb, resource, path) is not { } answer) return false;
        var error = answer.StatusCode switch
        {
            429 => ApiErrors.TooManyRequests(answer.RetryAfterSeconds ?? 1),
            410 => new ApiException(410, "Expired", "The resourceVersion for the provided list or watch is too old.") { HasDetails = false },
            500 => ApiErrors.InternalError("injected fault"),
            var code => new ApiException(code, null, "injected fault") { RetryAfterSeconds = answer.RetryAfterSeconds },
        };
        await JsonResponses.WriteErrorAsync(context, error, cancellationToken);
        return true;
    }

    private void Record(HttpContext context, ApiRequest? request, UserInfo user) => log.Add(new RecordedRequest(
        request?.Verb ?? context.Request.Method.ToLowerInvariant(),
        request is null ? "" : ClusterFaults.Name(request),
        request?.Namespace ?? "",
        request?.Name ?? "",
        context.Request.Path + context.Request.QueryString,
        user.Name,
        context.Response.StatusCode)
    { Accept = context.Request.Headers.Accept });
}
