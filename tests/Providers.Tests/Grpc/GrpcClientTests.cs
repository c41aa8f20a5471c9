using System.Net;
using GitOpsSecrets.Providers.Grpc;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GitOpsSecrets.Providers.Tests.Grpc;

/// <summary>Our gRPC against Google's own server, over TLS, and against servers that are none.</summary>
public sealed class GrpcClientTests : IAsyncLifetime
{
    private readonly TestCertificates certificates = new();
    private readonly CallLog calls = new();
    private WebApplication application = null!;
    private Uri server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificates.Issue("127.0.0.1"))));
        application = builder.Build();
        application.MapGrpcService<EchoService>();
        await application.StartAsync(Stop);
        server = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        certificates.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(200_000)]
    public async Task A_message_goes_there_and_back(int size)
    {
        var value = new byte[size];
        Random.Shared.NextBytes(value);
        using var client = Client();
        using var answer = await client.SendAsync(Call(nameof(EchoService.Say), value), null, Stop);
        Assert.Equal(value, answer.Message.Bytes(1).ToArray());
        Assert.Equal(("probe", "Say", true), Assert.Single(calls.Calls));
    }

    [Fact]
    public async Task A_token_is_sent_as_a_bearer_token_and_none_where_there_is_none()
    {
        using var client = Client();
        using var with = await client.SendAsync(Call(nameof(EchoService.Token), []), "a-token", Stop);
        using var without = await client.SendAsync(Call(nameof(EchoService.Token), []), null, Stop);
        Assert.Equal(("Bearer a-token", "none"), (with.Message.Text(1), without.Message.Text(1)));
    }

    [Theory]
    [InlineData(GrpcStatus.Cancelled, ProviderFailureKind.Unavailable)]
    [InlineData(GrpcStatus.Unknown, ProviderFailureKind.Unavailable)]
    [InlineData(GrpcStatus.InvalidArgument, ProviderFailureKind.Invalid)]
    [InlineData(GrpcStatus.DeadlineExceeded, ProviderFailureKind.Unavailable)]
    [InlineData(GrpcStatus.NotFound, ProviderFailureKind.Invalid)]
    [InlineData(GrpcStatus.AlreadyExists, ProviderFailureKind.Conflict)]
    [InlineData(GrpcStatus.PermissionDenied, ProviderFailureKind.Denied)]
    [InlineData(GrpcStatus.ResourceExhausted, ProviderFailureKind.Throttled)]
    [InlineData(GrpcStatus.FailedPrecondition, ProviderFailureKind.Invalid)]
    [InlineData(GrpcStatus.Aborted, ProviderFailureKind.Conflict)]
    [InlineData(GrpcStatus.OutOfRange, ProviderFailureKind.Invalid)]
    [InlineData(GrpcStatus.Unimplemented, ProviderFailureKind.Invalid)]
    [InlineData(GrpcStatus.Internal, ProviderFailureKind.Unavailable)]
    [InlineData(GrpcStatus.Unavailable, ProviderFailureKind.Unavailable)]
    [InlineData(GrpcStatus.DataLoss, ProviderFailureKind.Unavailable)]
    [InlineData(GrpcStatus.Unauthenticated, ProviderFailureKind.Denied)]
    internal async Task An_end_is_told_by_its_kind_with_what_the_service_says(GrpcStatus status, ProviderFailureKind kind)
    {
        using var client = Client();
        var call = Call(nameof(EchoService.End), [(byte)status, .. "größer\n100% "u8]);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => client.SendAsync(call, null, Stop));
        Assert.Equal((kind, $"Probe, asked to End, ended with {status}: größer 100%"), (failure.Kind, failure.Message));
        using var tolerated = await client.SendAsync(call with { Tolerated = [status] }, null, Stop);
        Assert.Equal(status, tolerated.Status);
        Assert.False(tolerated.Message.Has(1));
    }

    [Fact]
    public async Task A_method_that_is_not_there_is_told()
    {
        using var client = Client();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => client.SendAsync(Call("Nothing", []), null, Stop));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Contains("Unimplemented", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/grpc", "0000000000", null)] // no end
    [InlineData("application/grpc", "0000000000", "twelve")]
    [InlineData("text/html", "0000000000", "0")]
    [InlineData("application/grpc", "", "0")] // no message
    [InlineData("application/grpc", "00000000", "0")] // cut before the message
    [InlineData("application/grpc", "00000000030A01", "0")] // cut in it
    [InlineData("application/grpc", "00000000000000000000", "0")] // two of them
    [InlineData("application/grpc", "0100000000", "0")] // a compressed one
    [InlineData("application/grpc", "00FFFFFFFF", "0")] // longer than anything
    [InlineData("application/grpc", "00000000020AFF", "0")] // no message of Protocol Buffers
    public async Task An_answer_that_is_none_is_invalid(string type, string body, string? status)
    {
        await using var other = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentType = type;
            await context.Response.Body.WriteAsync(Convert.FromHexString(body), context.RequestAborted);
            if (status is not null) context.Response.AppendTrailer("grpc-status", status);
        }, certificates.Issue("127.0.0.1"));
        using var client = Client();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => client.SendAsync(Call(nameof(EchoService.Say), []) with { Server = other.Address }, null, Stop));
        Assert.Equal((ProviderFailureKind.Invalid, "what answered in the place of Probe, asked to Say, did not answer as it does"), (failure.Kind, failure.Message));
    }

    [Fact]
    public async Task A_server_says_how_long_it_wants_to_be_left_alone()
    {
        await using var other = await LoopbackServer.StartAsync(context =>
        {
            context.Response.ContentType = "application/grpc";
            (context.Response.Headers["grpc-status"], context.Response.Headers["grpc-retry-pushback-ms"]) = ("8", "90000");
            return Task.CompletedTask;
        }, certificates.Issue("127.0.0.1"));
        using var client = Client();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => client.SendAsync(Call(nameof(EchoService.Say), []) with { Server = other.Address }, null, Stop));
        Assert.Equal((ProviderFailureKind.Throttled, TimeSpan.FromSeconds(90)), (failure.Kind, failure.RetryAfter));
    }

    [Fact]
    public async Task Nothing_less_than_HTTP_2_is_spoken()
    {
        await using var plain = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("{}", Stop));
        using var client = Client();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => client.SendAsync(Call(nameof(EchoService.Say), []) with { Server = plain.Address }, null, Stop));
        Assert.Equal(ProviderFailureKind.Unavailable, failure.Kind);
        Assert.Equal(0, plain.Requests);
    }

    private GrpcCall Call(string method, byte[] value) => new(server, "/probe.Echo/" + method, method, message => message.Bytes(1, value));

    private GrpcClient Client()
    {
        var http = new ProviderHttp(new ProviderHttpOptions { MaxRetries = 0, Authorities = certificates.Authorities }, TimeProvider.System).Create(new HttpSettings());
        return new GrpcClient(http, "Probe", new CallMeter(calls, "probe", TimeProvider.System), TimeProvider.System);
    }
}
