using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Http;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Controller.Tests.Sealed;
using GitOpsSecrets.Sealing;
using Microsoft.Extensions.Logging.Abstractions;

namespace GitOpsSecrets.Controller.Tests.Http;

/// <summary><c>--read-timeout</c> and <c>--write-timeout</c>, by a clock that only the test turns.</summary>
public sealed class HttpTimeoutTests : IAsyncLifetime
{
    private static readonly TimeSpan Read = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan Write = TimeSpan.FromSeconds(4);

    private readonly SleepersTime time = new() { Watched = Read };
    private readonly SealingKeyStore keys = new();
    private readonly OpeningTurns turns = new();
    private HttpFront front = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = ControllerOptions.Load(["--listen-addr=127.0.0.1:0", "--listen-metrics-addr=127.0.0.1:0", "--read-timeout=7s", "--write-timeout=4s"], new Dictionary<string, string>(), out _);
        var metrics = new Metrics("test");
        keys.Put("a", TestKeys.Key("one"));
        front = new HttpFront(
            options, metrics, NullLoggerFactory.Instance, time, new HttpRoutes(options, keys, UnsealOptions.Default, turns, () => true, time).Map,
            new MetricsEndpoint(metrics, () => { }, (_, _) => Task.CompletedTask).Map);
        await front.StartAsync(Ending);
    }

    public async ValueTask DisposeAsync()
    {
        await front.DisposeAsync();
        turns.Dispose();
    }

    [Fact]
    public async Task A_request_that_is_not_sent_within_the_read_timeout_is_answered_so()
    {
        using var client = await OpenAsync(2 * SealedSecretBody.MaxSize / 4);
        await client.GetStream().WriteAsync(new byte[SealedSecretBody.MaxSize / 4], Ending); // so much that the server's own bound, by bytes a second and the system's clock, is far
        await Eventually.TrueAsync(() => time.TimesSet == 1, "the wait for the request");
        time.Advance(Read - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, time.Sleepers(Read, Read));
        time.Advance(TimeSpan.FromMilliseconds(1));
        var answer = await ReadAsync(client, "arrive");
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("the request took too long to arrive", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_whose_answer_takes_longer_than_both_timeouts_together_is_cut_off()
    {
        using var turn = await turns.TakeAsync(1, Ending); // somebody else's, which does not end
        var body = JsonSerializer.SerializeToUtf8Bytes(TestKeys.Seal("one", "shop", "db", ("a", "b")), ApiJson.Compact.SealedSecret);
        using var client = await OpenAsync(body.Length);
        await Eventually.TrueAsync(() => time.TimesSet == 1, "the wait for the request");
        await client.GetStream().WriteAsync(body, Ending);
        await Eventually.TrueAsync(() => time.Sleepers(Read, Read) == 0, "the end of the request");
        time.Advance(Read + Write - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, time.Sleepers(Read + Write, Read + Write));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("", await ReadAsync(client, "nothing"));
    }

    /// <summary>A request to verify a body of this length; the answer 100 says that the controller waits for it.</summary>
    private async Task<TcpClient> OpenAsync(int length)
    {
        var client = new TcpClient();
        await client.ConnectAsync(front.ApiAddress!.Host, front.ApiAddress.Port, Ending);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/verify HTTP/1.1\r\nHost: controller\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n"), Ending);
        var answer = new byte[25];
        await client.GetStream().ReadExactlyAsync(answer, Ending).AsTask().WaitAsync(Stage.Patience, Ending);
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", Encoding.ASCII.GetString(answer));
        return client;
    }

    /// <summary>What comes, until it holds the word or the connection ends, in whatever way.</summary>
    private static async Task<string> ReadAsync(TcpClient client, string word)
    {
        var text = new StringBuilder();
        var buffer = new byte[1024];
        try
        {
            while (!text.ToString().Contains(word, StringComparison.Ordinal) && await client.GetStream().ReadAsync(buffer, Ending).AsTask().WaitAsync(Stage.Patience, Ending) is > 0 and var length)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 0, length));
            }
        }
        catch (IOException)
        {
            // Cut off.
        }
        return text.ToString();
    }
}
