using System.Text.Json;
using GitOpsSecrets.Controller.Http;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>
/// <c>POST /v1/events/SOURCE</c>. The answer has no body and no facts: whether anybody reads the secret is not the sender's business.
/// <code>
///  202 accepted   400 malformed   401 not genuine   405 not a POST   408 too slow   409 seen before
///  413 too large  415 not JSON    429 too often     503 not now: not the leader, or cannot tell
/// </code>
/// </summary>
internal sealed class AnnouncementEndpoint(
    IReadOnlyList<EventSource> sources, Announcer announcer, SeenIds seen, RateGate rate, Func<bool> isWorking, Metrics metrics, TimeProvider time, ILogger logger) : IDisposable
{
    public const string Path = "/v1/events/";

    /// <summary>Bytes.</summary>
    public const int MaxSize = 256 * 1024;

    /// <summary>Bodies that are read at the same time, so that strangers cannot fill the memory with them.</summary>
    private const int MostBodies = 32;

    private const int LongestKey = 2048;
    private const string SecondsToComeAgain = "5";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly JsonDocumentOptions Bounds = new() { MaxDepth = 32 };

    private readonly SemaphoreSlim bodies = new(MostBodies, MostBodies);

    public void Dispose() => bodies.Dispose();

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var source in sources)
        {
            routes.MapPost(Path + source.Name, context => ServeAsync(context, source, ReceiveAsync));
            if (source.Shape is EventGridShape) routes.MapMethods(Path + source.Name, [HttpMethods.Options], context => ServeAsync(context, source, AllowAsync));
        }
    }

    private async Task ServeAsync(HttpContext context, EventSource source, Func<HttpContext, EventSource, CancellationToken, Task<EventOutcome>> serve)
    {
        var outcome = await serve(context, source, context.RequestAborted).ConfigureAwait(false);
        metrics.Events.WithLabels(source.Name, outcome.Name).Inc();
        if (outcome.Status == 0) return;
        if (outcome.Status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = SecondsToComeAgain;
        context.Response.StatusCode = outcome.Status;
    }

    private async Task<EventOutcome> AllowAsync(HttpContext context, EventSource source, CancellationToken cancellationToken) =>
        await rate.PassAsync(context, cancellationToken).ConfigureAwait(false) ? EventGridHandshake.Allow(context) : EventOutcome.Limited;

    private async Task<EventOutcome> ReceiveAsync(HttpContext context, EventSource source, CancellationToken cancellationToken)
    {
        if (!await rate.PassAsync(context, cancellationToken).ConfigureAwait(false)) return EventOutcome.Limited;
        if (!IsJson(context.Request.ContentType)) return EventOutcome.NotJson;
        try
        {
            if (source.Shape is EventGridShape && EventGridHandshake.IsValidation(context.Request)) return await ValidateAsync(context, cancellationToken).ConfigureAwait(false);
            var finding = source.Proof.CoversBody ? default : await source.Proof.CheckAsync(context.Request.Headers, default, cancellationToken).ConfigureAwait(false);
            if (!source.Proof.CoversBody && !finding.IsGenuine) return EventOutcome.NotGenuine;
            var (body, problem) = await ReadAsync(context, cancellationToken).ConfigureAwait(false);
            if (body is null) return problem;
            if (source.Proof.CoversBody) finding = await source.Proof.CheckAsync(context.Request.Headers, body, cancellationToken).ConfigureAwait(false);
            return finding.IsGenuine ? Act(source, finding, body) : EventOutcome.NotGenuine;
        }
        catch (AnnouncementException failure)
        {
            AnnouncementLog.CannotTell(logger, source.Name, failure.Message);
            return EventOutcome.Unavailable;
        }
    }

    private async Task<EventOutcome> ValidateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (body, problem) = await ReadAsync(context, cancellationToken).ConfigureAwait(false);
        if (body is null) return problem;
        if (Parse(body, EventGridHandshake.CodeIn) is not { } code) return EventOutcome.Malformed;
        await EventGridHandshake.AnswerAsync(context, code, cancellationToken).ConfigureAwait(false);
        return EventOutcome.Answered;
    }

    private EventOutcome Act(EventSource source, ProofFinding finding, byte[] body)
    {
        if (finding.Id is { } id)
        {
            switch (seen.Remember(source.Name, id, finding.Until))
            {
                case SeenResult.Known: return EventOutcome.Seen;
                case SeenResult.Full: return EventOutcome.Unavailable;
            }
        }
        var outcome = TellOn(source, body);
        if (outcome == EventOutcome.Unavailable && finding.Id is { } undone) seen.Forget(source.Name, undone);
        return outcome;
    }

    private EventOutcome TellOn(EventSource source, byte[] body)
    {
        if (Parse(body, source.Shape.Read) is not { } changes || changes.Any(told => told.Change.Key.Length > LongestKey)) return EventOutcome.Malformed;
        if (!isWorking()) return EventOutcome.Unavailable;
        foreach (var told in changes)
        {
            if (!announcer.Announce(new Announcement(source.Name, told.Change, source.Namespaces) { Store = told.Store, Namespace = told.Namespace })) return EventOutcome.Unavailable;
        }
        AnnouncementLog.Accepted(logger, source.Name, changes.Count);
        return EventOutcome.Accepted;
    }

    private static T? Parse<T>(byte[] body, Func<JsonElement, T?> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(body, Bounds);
            return read(document.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Invalid, too, when a text in it is not UTF-8.
            return null;
        }
    }

    private async Task<(byte[]? Body, EventOutcome Problem)> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        var hasTurn = false;
        try
        {
            await bodies.WaitAsync(either.Token).ConfigureAwait(false);
            hasTurn = true;
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, either.Token).ConfigureAwait(false);
            return (body.ToArray(), EventOutcome.Accepted);
        }
        catch (OperationCanceledException) when (clock.IsCancellationRequested)
        {
            return (null, EventOutcome.TooSlow);
        }
        catch (BadHttpRequestException failure)
        {
            return (null, failure.StatusCode == StatusCodes.Status413PayloadTooLarge ? EventOutcome.TooLarge : EventOutcome.Malformed);
        }
        finally
        {
            if (hasTurn) bodies.Release();
        }
    }

    /// <summary>Services write <c>application/json</c>, or with a name before it, as CloudEvents do.</summary>
    private static bool IsJson(string? contentType)
    {
        var type = (contentType ?? "").Split(';')[0].Trim();
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/cloudevents-batch+json", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/cloudevents+json", StringComparison.OrdinalIgnoreCase);
    }
}
