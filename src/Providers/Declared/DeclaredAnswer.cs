using System.Net;
using System.Security.Cryptography;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>An answer of any status; its body is zeroed on disposal.</summary>
internal sealed class DeclaredAnswer(HttpResponseMessage response) : IDisposable
{
    private byte[]? replaced;

    public int Status => (int)response.StatusCode;

    public bool IsSuccess => response.IsSuccessStatusCode;

    public bool IsUnauthorized => response.StatusCode == HttpStatusCode.Unauthorized;

    public HttpResponseMessage Response => response;

    /// <summary>As it is held: to be read, not kept.</summary>
    public ReadOnlyMemory<byte> Body => replaced ?? response.Body();

    /// <param name="body">Taken over.</param>
    public void Replace(byte[] body)
    {
        if (replaced is not null) CryptographicOperations.ZeroMemory(replaced);
        replaced = body;
    }

    /// <summary>Null where the body is no JSON, or has nothing there. The caller's to dispose.</summary>
    public FoundValue? Find(string path) => FoundValue.In(Body, path);

    public IReadOnlyList<string> Headers(string name) => response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? [.. values] : [];

    public void Dispose()
    {
        if (replaced is not null) CryptographicOperations.ZeroMemory(replaced);
        response.Dispose();
    }
}
