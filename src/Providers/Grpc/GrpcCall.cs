namespace GitOpsSecrets.Providers.Grpc;

/// <summary>One call of a gRPC service, one message to and one from.</summary>
/// <param name="Server">The address of the service's host.</param>
/// <param name="Method">Such as <c>/nebius.mysterybox.v1.PayloadService/Get</c>.</param>
/// <param name="Operation">The name under which the call is counted, and told in failures.</param>
/// <param name="Write">Writes the message.</param>
internal sealed record GrpcCall(Uri Server, string Method, string Operation, Action<ProtoWriter> Write)
{
    /// <summary>Whether the same may be sent twice.</summary>
    public bool OnlyReads { get; init; } = true;

    /// <summary>Ends that are an answer to this call.</summary>
    public IReadOnlyList<GrpcStatus> Tolerated { get; init; } = [];
}
