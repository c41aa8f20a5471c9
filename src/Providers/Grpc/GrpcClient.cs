using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Grpc;

/// <summary>
/// gRPC calls of one message each way over the providers' own HTTP (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md): HTTP/2 and nothing less; a POST to the method's path whose body, like the
/// answer's, is
/// <code>
/// 00  length 4, big endian  message        (a first byte of 01 would be a compressed one, which nobody is asked for)
/// </code>
/// and how the call ended in the trailers, or in the headers where there is no message.
/// </summary>
/// <param name="store">The store's name, for messages.</param>
internal sealed class GrpcClient(HttpClient http, string store, CallMeter meter, TimeProvider time) : IDisposable
{
    private const int PrefixSize = 5;
    private const int LongestReason = 300;
    private const string Type = "application/grpc";

    /// <param name="token">Sent as a bearer token; null sends none.</param>
    /// <returns>The answer, also for ends that the call tolerates; the caller's to dispose.</returns>
    /// <exception cref="ProviderException">Every other end.</exception>
    public async Task<GrpcAnswer> SendAsync(GrpcCall call, string? token, CancellationToken cancellationToken) => await meter.MeasureAsync(call.Operation, async () =>
    {
        var body = BodyOf(call);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(call.Server, call.Method)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(Type);
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
            request.Headers.TryAddWithoutValidation("grpc-accept-encoding", "identity");
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Options.Set(ProviderRequest.MayRepeat, call.OnlyReads);
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return AnswerOf(response, call);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }).ConfigureAwait(false);

    public void Dispose() => http.Dispose();

    private static byte[] BodyOf(GrpcCall call)
    {
        using var message = new ProtoWriter();
        call.Write(message);
        var body = new byte[PrefixSize + message.Written.Length];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), message.Written.Length);
        message.Written.CopyTo(body.AsSpan(PrefixSize));
        return body;
    }

    private GrpcAnswer AnswerOf(HttpResponseMessage response, GrpcCall call)
    {
        if (response.StatusCode != HttpStatusCode.OK) throw HttpFailures.OfAnswer($"{store}, asked to {call.Operation},", response, time);
        if (response.Content.Headers.ContentType?.MediaType?.StartsWith(Type, StringComparison.OrdinalIgnoreCase) != true || StatusOf(response) is not { } status) throw Foreign(call);
        if (status != GrpcStatus.Ok) return call.Tolerated.Contains(status) ? new GrpcAnswer(status, ProtoMessage.Read(default)!, []) : throw Failure(response, call, status);
        var body = response.TakeBody();
        var isWhole = body.Length >= PrefixSize && body[0] == 0 && BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(1)) == body.Length - PrefixSize;
        if (isWhole && ProtoMessage.Read(body.AsMemory(PrefixSize)) is { } message) return new GrpcAnswer(status, message, body);
        CryptographicOperations.ZeroMemory(body);
        throw Foreign(call);
    }

    private static GrpcStatus? StatusOf(HttpResponseMessage response) =>
        int.TryParse(TrailerOf(response, "grpc-status"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Enum.IsDefined((GrpcStatus)number) ? (GrpcStatus)number : GrpcStatus.Unknown : null;

    private static string? TrailerOf(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values) ? values.FirstOrDefault() : null;

    private ProviderException Failure(HttpResponseMessage response, GrpcCall call, GrpcStatus status)
    {
        var kind = status switch
        {
            GrpcStatus.Unauthenticated or GrpcStatus.PermissionDenied => ProviderFailureKind.Denied,
            GrpcStatus.ResourceExhausted => ProviderFailureKind.Throttled,
            GrpcStatus.AlreadyExists or GrpcStatus.Aborted => ProviderFailureKind.Conflict,
            GrpcStatus.Cancelled or GrpcStatus.Unknown or GrpcStatus.DeadlineExceeded or GrpcStatus.Internal or GrpcStatus.Unavailable or GrpcStatus.DataLoss => ProviderFailureKind.Unavailable,
            _ => ProviderFailureKind.Invalid,
        };
        var reason = Uri.UnescapeDataString(TrailerOf(response, "grpc-message") ?? "").ReplaceLineEndings(" ").Trim();
        if (reason.Length > LongestReason) reason = reason[..LongestReason] + "…";
        var pause = int.TryParse(TrailerOf(response, "grpc-retry-pushback-ms"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) ? TimeSpan.FromMilliseconds(milliseconds) : HttpFailures.RetryAfterOf(response, time);
        return new ProviderException(kind, $"{store}, asked to {call.Operation}, ended with {status}{(reason.Length > 0 ? ": " : "")}{reason}") { RetryAfter = pause };
    }

    private ProviderException Foreign(GrpcCall call) => new(ProviderFailureKind.Invalid, $"what answered in the place of {store}, asked to {call.Operation}, did not answer as it does");
}
