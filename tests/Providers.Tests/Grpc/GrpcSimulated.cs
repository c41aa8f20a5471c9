using System.Buffers.Binary;
using GitOpsSecrets.Providers.Grpc;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Grpc;

/// <summary>Answers calls as a gRPC server does; that such answers are those is shown by GrpcClientTests with Google's own.</summary>
internal static class GrpcSimulated
{
    /// <summary>Takes the method, the message and the caller's token, and says how the call ends and what it gives.</summary>
    public delegate (GrpcStatus Status, Action<ProtoWriter>? Write) Answer(string method, ProtoMessage message, string token);

    public static async Task HandleAsync(HttpContext context, Answer answer)
    {
        Assert.Equal("HTTP/2", context.Request.Protocol);
        Assert.Equal("application/grpc", context.Request.ContentType);
        Assert.Equal("trailers", context.Request.Headers.TE);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var bytes = body.ToArray();
        Assert.Equal(0, bytes[0]);
        Assert.Equal(bytes.Length - 5, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)));
        var token = context.Request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var value] ? value : "";
        var (status, write) = answer(context.Request.Path.Value!, ProtoMessage.Read(bytes.AsMemory(5))!, token);
        context.Response.ContentType = "application/grpc";
        if (status != GrpcStatus.Ok)
        {
            // Without a message all of it stands in the headers.
            context.Response.Headers["grpc-status"] = ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture);
            context.Response.Headers["grpc-message"] = "the simulator said so";
            return;
        }

        using var message = new ProtoWriter();
        write!(message);
        var frame = new byte[5 + message.Written.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Written.Length);
        message.Written.CopyTo(frame.AsSpan(5));
        await context.Response.Body.WriteAsync(frame, context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
