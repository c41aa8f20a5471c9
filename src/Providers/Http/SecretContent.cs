using System.Net;
using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Http;

/// <summary>A body that was read whole, and is zeroed with its answer.</summary>
internal sealed class SecretContent(byte[] body) : HttpContent
{
    private byte[] body = body;

    public ReadOnlyMemory<byte> Body => body;

    /// <summary>The body, now the caller's to zero.</summary>
    public byte[] Take()
    {
        var taken = body;
        body = [];
        return taken;
    }

    // Whoever wants the whole of it takes this buffer, and no copy.
    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new MemoryStream(body, 0, body.Length, writable: false, publiclyVisible: true));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(body).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        CryptographicOperations.ZeroMemory(body);
        base.Dispose(disposing);
    }
}
