using System.Security.Cryptography;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Providers.Generators.Uuid;

/// <summary>A random UUID (version 4, RFC 9562), under <c>uuid</c>. There is nothing to set.</summary>
public sealed class UuidGenerator : IGenerator
{
    public string Kind => GeneratorKinds.Uuid;

    public IReadOnlyList<string> Check(GeneratorRequest request) => [];

    public Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        Span<byte> bytes = stackalloc byte[16];
        request.Random.GetBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);

        var text = new byte[36];
        new Guid(bytes, bigEndian: true).TryFormat(text, out _);
        CryptographicOperations.ZeroMemory(bytes);
        var values = new SecretValues();
        values.Set("uuid", text);
        return Task.FromResult(new Generated(values));
    }
}
