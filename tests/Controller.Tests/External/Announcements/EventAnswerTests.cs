using System.Net;
using System.Net.Http.Headers;

namespace GitOpsSecrets.Controller.Tests.External.Announcements;

/// <summary>What strangers and senders are answered.</summary>
public sealed class EventAnswerTests
{
    private const string Sources = "[{name: ci, generic: {keyFiles: [KEY]}}, {name: token, generic: {tokenFiles: [TOKEN]}}]";
    private const string Event = """{"provider":"scripted","key":"k"}""";

    [Fact]
    public async Task Each_answer_is_a_status_and_nothing_else()
    {
        await using var events = await EventStage.SetAsync(Sources);
        Assert.Equal(HttpStatusCode.Accepted, await events.TellAsync("ci", Event, "1"));
        Assert.Equal(HttpStatusCode.Conflict, await events.TellAsync("ci", Event, "1"));
        Assert.Equal(HttpStatusCode.Accepted, await events.TellAsync("ci", Event, "2"));
        Assert.Equal(HttpStatusCode.Accepted, await events.TellWithTokenAsync("token", Event));

        Assert.Equal(HttpStatusCode.Unauthorized, await events.TellWithTokenAsync("token", Event, EventStage.Token + "x"));
        Assert.Equal(HttpStatusCode.Unauthorized, await events.TellWithTokenAsync("token", "no JSON", "a-token-of-a-stranger"));
        // One proof is not good for the other's place.
        Assert.Equal(HttpStatusCode.Unauthorized, await events.TellWithTokenAsync("ci", Event));
        Assert.Equal(HttpStatusCode.Unauthorized, await events.TellWithTokenAsync("ci", Event, EventStage.Key));
        Assert.Equal(HttpStatusCode.Unauthorized, await events.TellAsync("token", Event));

        Assert.Equal(HttpStatusCode.NotFound, await events.TellAsync("nobody", Event));
        Assert.Equal(HttpStatusCode.BadRequest, await events.TellAsync("ci", "no JSON"));
        using var large = events.Request("ci", new string(' ', (256 * 1024) + 1));
        // The answer comes before the body is through: a client that does not wait for it may find the connection closed.
        large.Headers.ExpectContinue = true;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await events.SendAsync(large));
        using var text = events.Request("token", Event, "text/plain");
        text.Headers.Authorization = new AuthenticationHeaderValue("Bearer", EventStage.Token);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await events.SendAsync(text));
        using var get = new HttpRequestMessage(HttpMethod.Get, new Uri(events.Controller.Announcements!.Address!, "/v1/events/ci"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await events.SendAsync(get));
        Assert.DoesNotContain(EventStage.Token, events.Stage.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stranger_without_a_token_is_refused_before_he_has_sent_anything()
    {
        await using var events = await EventStage.SetAsync(Sources);
        var body = new WatchedContent();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(events.Controller.Announcements!.Address!, "/v1/events/token")) { Content = body };
        request.Headers.ExpectContinue = true;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "a-token-of-a-stranger");
        Assert.Equal(HttpStatusCode.Unauthorized, await events.SendAsync(request));
        Assert.False(body.WasAskedFor);
    }

    [Fact]
    public async Task A_key_is_bounded()
    {
        await using var events = await EventStage.SetAsync(Sources);
        Assert.Equal(HttpStatusCode.Accepted, await events.TellAsync("ci", $$"""{"provider":"scripted","key":"{{new string('k', 2048)}}"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, await events.TellAsync("ci", $$"""{"provider":"scripted","key":"{{new string('k', 2049)}}"}"""));
    }

    [Fact]
    public async Task Who_sends_too_much_is_asked_to_wait()
    {
        await using var events = await EventStage.SetAsync(Sources, null, null, "--event-rate-limit=1", "--event-rate-limit-burst=1");
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 20; i++) answers.Add(await events.TellAsync("ci", Event));
        Assert.Equal(HttpStatusCode.Accepted, answers[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
    }

    [Fact]
    public async Task What_came_of_each_is_counted()
    {
        await using var events = await EventStage.SetAsync(Sources);
        events.Stage.Provider.Values["k"] = "v";
        await events.Stage.StoreAsync();
        await events.Stage.ExternalAsync("one", ("a", "k"));
        await events.Stage.ReadyAsync("one", "True");
        await events.TellAsync("ci", Event);
        await events.TellWithTokenAsync("token", Event, "a-token-of-a-stranger");
        using var http = new HttpClient();
        await ExternalStage.UntilMetricsAsync(http, events.Controller, text =>
        {
            Assert.Contains("sealed_secrets_controller_events_total{source=\"ci\",outcome=\"accepted\"} 1\n", text, StringComparison.Ordinal);
            Assert.Contains("sealed_secrets_controller_events_total{source=\"token\",outcome=\"refused\"} 1\n", text, StringComparison.Ordinal);
            Assert.Contains("sealed_secrets_controller_event_refreshes_total{source=\"ci\"} 1\n", text, StringComparison.Ordinal);
        });
    }

    private sealed class WatchedContent : HttpContent
    {
        // A body of less than a kilobyte is sent by the client whatever the answer is.
        private const int Length = 4096;

        public WatchedContent() => Headers.ContentType = new MediaTypeHeaderValue("application/json");

        public bool WasAskedFor { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            WasAskedFor = true;
            return stream.WriteAsync(new byte[Length]).AsTask();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Length;
            return true;
        }
    }
}
