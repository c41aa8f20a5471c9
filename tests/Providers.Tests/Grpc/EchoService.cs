using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace GitOpsSecrets.Providers.Tests.Grpc;

/// <summary>Gives back what it got, tells the caller's token, and ends as it is told to.</summary>
public sealed class EchoService : Echo.Service
{
    public override Task<BytesValue> Say(BytesValue request, ServerCallContext context) => Task.FromResult(request);

    public override Task<BytesValue> Token(BytesValue request, ServerCallContext context) => Task.FromResult(new BytesValue { Value = ByteString.CopyFromUtf8(context.RequestHeaders.GetValue("authorization") ?? "none") });

    public override Task<BytesValue> End(BytesValue request, ServerCallContext context) => throw new RpcException(new Status((StatusCode)request.Value[0], Encoding.UTF8.GetString(request.Value.Span[1..])));
}
