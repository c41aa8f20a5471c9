using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Grpc;
using GitOpsSecrets.Providers.Tests.Grpc;
using GitOpsSecrets.Providers.Tests.Http;

namespace GitOpsSecrets.Providers.Tests.Nebius;

/// <summary>What https://github.com/nebius/api documents of MysteryBox's payloads and of the exchange of tokens, by HTTP/2 over TLS. No Nebius can be had where these tests run.</summary>
internal sealed class NebiusSimulator : IAsyncDisposable
{
    private static readonly RSA Key = RSA.Create(2048);
    private readonly ConcurrentDictionary<(string Id, string Version), IReadOnlyDictionary<string, (byte[] Value, bool IsText)>> secrets = new();
    private readonly ConcurrentDictionary<string, bool> tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> seen = new();
    private LoopbackServer server = null!;
    private int issued;

    public Uri Address => server.Address;

    public IReadOnlyList<string> Seen => [.. seen];

    /// <summary>The service account that is let in.</summary>
    public string Account { get; set; } = "serviceaccount-1";

    /// <summary>Of the last token that was asked for.</summary>
    public JsonNode? Claims { get; private set; }

    public static async Task<NebiusSimulator> StartAsync(TestCertificates certificates)
    {
        var simulator = new NebiusSimulator();
        simulator.server = await LoopbackServer.StartAsync(context => GrpcSimulated.HandleAsync(context, simulator.Answer), certificates.Issue("127.0.0.1"));
        return simulator;
    }

    /// <summary>As the vendor gives it out.</summary>
    public string KeyFile() => new JsonObject
    {
        ["subject-credentials"] = new JsonObject { ["alg"] = "RS256", ["private-key"] = Key.ExportPkcs8PrivateKeyPem(), ["kid"] = "publickey-1", ["iss"] = Account, ["sub"] = Account },
    }.ToJsonString();

    /// <param name="version">Empty is the primary one.</param>
    public void Put(string id, string version, params (string Key, byte[] Value, bool IsText)[] entries) =>
        secrets[(id, version)] = entries.ToDictionary(entry => entry.Key, entry => (entry.Value, entry.IsText), StringComparer.Ordinal);

    public void LetIn(string token) => tokens[token] = true;

    public void ForgetTokens() => tokens.Clear();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private (GrpcStatus, Action<ProtoWriter>?) Answer(string method, ProtoMessage message, string token)
    {
        seen.Enqueue(method.Split('/')[^1]);
        if (method == "/nebius.iam.v1.TokenExchangeService/Exchange") return Exchange(message);
        if (!tokens.ContainsKey(token)) return (GrpcStatus.Unauthenticated, null);
        if (method != "/nebius.mysterybox.v1.PayloadService/Get") return (GrpcStatus.Unimplemented, null);
        if (!secrets.TryGetValue((message.Text(1), message.Text(2)), out var entries)) return (GrpcStatus.NotFound, null);
        return (GrpcStatus.Ok, answer =>
        {
            answer.Text(1, "version-1");
            foreach (var (key, entry) in entries) answer.Message(2, payload => payload.Text(1, key).Bytes(entry.IsText ? 12 : 13, entry.Value));
        }
        );
    }

    private (GrpcStatus, Action<ProtoWriter>?) Exchange(ProtoMessage message)
    {
        Assert.Equal("urn:ietf:params:oauth:grant-type:token-exchange", message.Text(1));
        Assert.Equal("urn:ietf:params:oauth:token-type:access_token", message.Text(2));
        Assert.Equal("urn:ietf:params:oauth:token-type:jwt", message.Text(4));
        var parts = message.Text(3).Split('.');
        Assert.Equal("""{"alg":"RS256","kid":"publickey-1","typ":"JWT"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        Claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]));
        var isSigned = Key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (!isSigned || Claims!["sub"]!.ToString() != Account) return (GrpcStatus.Unauthenticated, null);
        var token = $"token-{Interlocked.Increment(ref issued)}";
        tokens[token] = true;
        return (GrpcStatus.Ok, answer => answer.Text(1, token).Text(3, "Bearer").Number(4, 3600));
    }
}
