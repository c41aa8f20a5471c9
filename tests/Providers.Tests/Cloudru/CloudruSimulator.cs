using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using GitOpsSecrets.Providers.Grpc;
using GitOpsSecrets.Providers.Tests.Grpc;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Cloudru;

/// <summary>What the vendor's open SDKs expect of Cloud.ru: its list of endpoints, its tokens and Secret Manager of one project, by HTTP/2 over TLS. No Cloud.ru can be had where these tests run.</summary>
internal sealed class CloudruSimulator : IAsyncDisposable
{
    public const string Project = "50000000-4000-3000-2000-100000000001";
    private readonly ConcurrentDictionary<string, (string Id, List<byte[]> Versions, Dictionary<string, string> Labels)> secrets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> seen = new();
    private LoopbackServer server = null!;
    private int issued;

    public Uri Address => server.Address;

    public string KeyId { get; set; } = "key-id";

    public string KeySecret { get; set; } = "key-secret";

    public int LifetimeSeconds { get; set; } = 3600;

    /// <summary>Methods by their last name, in the order of the calls.</summary>
    public IReadOnlyList<string> Seen => [.. seen];

    public static async Task<CloudruSimulator> StartAsync(TestCertificates certificates)
    {
        var simulator = new CloudruSimulator();
        simulator.server = await LoopbackServer.StartAsync(simulator.HandleAsync, certificates.Issue("127.0.0.1"));
        return simulator;
    }

    /// <returns>The secret's id.</returns>
    public string Put(string path, byte[] value, params (string Key, string Value)[] labels)
    {
        var secret = secrets.GetOrAdd(path, _ => (Guid.NewGuid().ToString(), [], labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal)));
        secret.Versions.Add(value);
        return secret.Id;
    }

    public void ForgetTokens() => tokens.Clear();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path != "/endpoints") return GrpcSimulated.HandleAsync(context, Answer);
        seen.Enqueue("endpoints");
        return context.Response.WriteAsync($$"""{"endpoints":[{"id":"iam","address":"{{Address.Authority}}"},{"id":"secret-manager","address":"{{Address.Authority}}"},{"id":"kms","address":"kms.example:443"}]}""");
    }

    private (GrpcStatus, Action<ProtoWriter>?) Answer(string method, ProtoMessage message, string token)
    {
        seen.Enqueue(method.Split('/')[^1]);
        if (method == "/sbercloud.cp.iam.api.v1.auth.AuthService/GetToken") return GetToken(message);
        if (!tokens.ContainsKey(token)) return (GrpcStatus.Unauthenticated, null);
        return method switch
        {
            "/cloud.csm.core.v2.SecretService/Search" => Search(message),
            "/cloud.csm.core.v2.SecretService/Access" when message.Text(1) == Project => Access(secrets.GetValueOrDefault(message.Text(2)), message.Has(3) ? (int)message.Number(3) : null, 3),
            "/sbercloud.secretmanager.v1.SecretManagerService/AccessSecretVersion" => Access(secrets.Values.FirstOrDefault(secret => secret.Id == message.Text(1)), message.Text(2) == "latest" ? null : int.Parse(message.Text(2), System.Globalization.CultureInfo.InvariantCulture), 1),
            _ => (GrpcStatus.Unimplemented, null),
        };
    }

    private (GrpcStatus, Action<ProtoWriter>?) GetToken(ProtoMessage message)
    {
        if (message.Text(1) != KeyId || message.Text(2) != KeySecret) return (GrpcStatus.Unauthenticated, null);
        var token = $"token-{Interlocked.Increment(ref issued)}";
        tokens[token] = true;
        return (GrpcStatus.Ok, answer => answer.Text(1, token).Text(2, "id-token").Number(4, LifetimeSeconds).Text(7, "Bearer"));
    }

    private (GrpcStatus, Action<ProtoWriter>?) Search(ProtoMessage message)
    {
        var labels = message.List(10).Select(label => ProtoMessage.Read(label)!).ToDictionary(label => label.Text(1), label => label.Text(2), StringComparer.Ordinal);
        var found = secrets.Where(secret => secret.Key.StartsWith(message.Text(2), StringComparison.Ordinal)
            && Regex.IsMatch(secret.Key.Split('/')[^1], message.Text(11), RegexOptions.None, TimeSpan.FromSeconds(1))
            && labels.All(label => secret.Value.Labels.GetValueOrDefault(label.Key) == label.Value)).ToList();
        if (message.Text(1) != Project || message.Number(3) != -1) return (GrpcStatus.InvalidArgument, null);
        return (GrpcStatus.Ok, answer =>
        {
            foreach (var (path, secret) in found) answer.Message(1, one => one.Text(1, secret.Id).Text(5, path.Split('/')[^1]).Text(10, path).Number(55, 0));
        }
        );
    }

    private static (GrpcStatus, Action<ProtoWriter>?) Access((string Id, List<byte[]>? Versions, Dictionary<string, string> Labels) secret, int? version, int field)
    {
        if (secret.Versions is not { } versions || version > versions.Count) return (GrpcStatus.NotFound, null);
        var value = version is { } number ? versions[number - 1] : versions[^1];
        return (GrpcStatus.Ok, answer => answer.Message(field, wrapped => wrapped.Bytes(1, value)));
    }
}
