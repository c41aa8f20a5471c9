using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Grpc;

/// <summary>What a call gave. The message's bytes are zeroed on disposal.</summary>
/// <param name="body">What the message was read from; taken over.</param>
internal sealed class GrpcAnswer(GrpcStatus status, ProtoMessage message, byte[] body) : IDisposable
{
    /// <summary>Ok, or an end that the call tolerates.</summary>
    public GrpcStatus Status => status;

    public ProtoMessage Message => message;

    public void Dispose() => CryptographicOperations.ZeroMemory(body);
}
