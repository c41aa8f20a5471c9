using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Generators;

/// <summary>The HTTP API of a service that makes tokens and takes them back, at the <c>spec.url</c> of its generator: JSON both ways, and a login in a header.</summary>
internal sealed class TokenService : IDisposable
{
    private readonly HttpClient http;
    private readonly string name;
    private readonly Action<HttpRequestHeaders> login;
    private readonly CallMeter meter;
    private readonly TimeProvider time;

    /// <param name="name">Of the service, for people and metrics.</param>
    /// <param name="login">Puts the credentials into the headers of a request.</param>
    public TokenService(GeneratorRequest request, string name, Action<HttpRequestHeaders> login)
    {
        http = request.Http.Create(new HttpSettings { GuardAddresses = true });
        (this.name, this.login) = (name, login);
        meter = new CallMeter(request.Calls, name, request.Time);
        time = request.Time;
    }

    /// <summary>A credential that the spec names, of the namespace of whoever wants the values, without the line break that an editor leaves.</summary>
    public static async Task<string> CredentialAsync(GeneratorRequest request, string? secret, string? key, CancellationToken cancellationToken)
    {
        var bytes = await request.Cluster.ReadSecretKeyAsync(request.Namespace, secret!, key!, cancellationToken).ConfigureAwait(false);
        var text = Encoding.UTF8.GetString(bytes).TrimEnd('\r', '\n');
        CryptographicOperations.ZeroMemory(bytes);
        return text;
    }

    /// <summary>What is to be deleted and is gone is fine.</summary>
    /// <returns>The answer; the caller's to zero.</returns>
    public Task<byte[]> SendAsync(HttpMethod method, Uri address, JsonObject? content, string operation, CancellationToken cancellationToken) =>
        meter.MeasureAsync(operation, async () =>
        {
            using var request = new HttpRequestMessage(method, address);
            login(request.Headers);
            if (content is not null)
            {
                request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(content, TokenServiceJson.Default.JsonObject)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            }

            using var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            // Only the service's own word that it is gone: another server's error page would leave the token alive.
            var isGone = method == HttpMethod.Delete && answer.StatusCode == HttpStatusCode.NotFound && FoundValue.In(answer.Body(), "message") is not null;
            return answer.IsSuccessStatusCode || isGone ? answer.TakeBody() : throw HttpFailures.OfAnswer($"{name}, asked to {operation},", answer, time);
        });

    public long Number(ReadOnlyMemory<byte> json, string member)
    {
        using var found = FoundValue.In(json, member);
        return long.TryParse(found?.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Lacks(member);
    }

    public string Text(ReadOnlyMemory<byte> json, string member) => FoundValue.TextIn(json, member) ?? throw Lacks(member);

    public ProviderException Lacks(string member) => new(ProviderFailureKind.Invalid, $"the answer of {name} has no {member}: is spec.url right?");

    public void Dispose() => http.Dispose();
}
