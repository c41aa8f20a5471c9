namespace GitOpsSecrets.Providers.Grpc;

/// <summary>A field of a Protocol Buffers message, as it stands on the wire.</summary>
/// <param name="Value">Of a number; zero for bytes.</param>
/// <param name="Bytes">Of a text, bytes or a message, within the message that was read; empty for a number.</param>
internal readonly record struct ProtoField(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)
{
    public override string ToString() => $"field {Number}";
}
