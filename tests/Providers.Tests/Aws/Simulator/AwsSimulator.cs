using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GitOpsSecrets.Providers.Tests.Aws.Simulator;

/// <summary>
/// Secrets Manager, Parameter Store, Certificate Manager, KMS, STS and the registries of one account, over HTTP, as their API references say. Signatures are verified by a computation of its
/// own; what is not signed with a key that it gave out, or that a test registered, is refused.
/// </summary>
internal sealed class AwsSimulator : IAsyncDisposable
{
    private const string Json = "application/x-amz-json-1.1";
    private readonly WebApplication application;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<string, (string Secret, string? Token)> keys = new();
    private readonly SimulatedTokens tokens;

    private AwsSimulator(TimeProvider time, X509Certificate2? certificate)
    {
        this.time = time;
        tokens = new SimulatedTokens(this, time);
        Secrets = new SimulatedSecrets(time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(options => options.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null) listen.UseHttps(certificate);
        }));
        application = builder.Build();
        application.Run(AnswerAsync);
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public ConcurrentQueue<AwsSeen> Seen { get; } = new();

    public SimulatedSecrets Secrets { get; }

    public SimulatedParameters Parameters { get; } = new();

    public SimulatedCertificates Certificates { get; } = new();

    public SimulatedKeys Keys { get; } = new();

    /// <summary>Roles that may be assumed, and the external id that each wants.</summary>
    public ConcurrentDictionary<string, string?> Roles { get; } = new();

    /// <summary>Throws in place of an answer.</summary>
    public Func<AwsSeen, AwsSimulatedException?> Refuse { get; set; } = _ => null;

    /// <summary>How much later it is there.</summary>
    public TimeSpan ClockAhead { get; set; }

    /// <summary>As refused answers say.</summary>
    public string? RetryAfter { get; set; }

    public static async Task<AwsSimulator> StartAsync(TimeProvider time, X509Certificate2? certificate = null)
    {
        var simulator = new AwsSimulator(time, certificate);
        await simulator.application.StartAsync();
        simulator.Address = new Uri(simulator.application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return simulator;
    }

    public void AddKey(string id, string secret, string? token = null) => keys[id] = (secret, token);

    public void RemoveKey(string id) => keys.TryRemove(id, out _);

    public IReadOnlyList<string> Calls(string operation) => [.. Seen.Where(seen => seen.Operation == operation).Select(seen => seen.Body.ToJsonString())];

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var memory = new MemoryStream();
        await context.Request.Body.CopyToAsync(memory);
        var body = memory.ToArray();
        var isForm = context.Request.HasFormContentType;
        try
        {
            var (service, region, key) = Verify(context.Request, body);
            var fields = isForm ? FieldsOf(body) : JsonNode.Parse(body)!.AsObject();
            var operation = isForm ? (string)fields["Action"]! : context.Request.Headers["X-Amz-Target"].ToString().Split('.')[1];
            var seen = new AwsSeen(service, operation, region, key, fields);
            Seen.Enqueue(seen);
            if (Refuse(seen) is { } refusal) throw refusal;
            if (isForm)
            {
                context.Response.ContentType = "text/xml";
                await context.Response.WriteAsync(tokens.Answer(seen));
                return;
            }
            if (!context.Request.ContentType!.StartsWith(Json, StringComparison.Ordinal)) throw new AwsSimulatedException("UnknownOperationException");
            var answer = service switch
            {
                "secretsmanager" => Secrets.Answer(operation, fields),
                "ssm" => Parameters.Answer(operation, fields),
                "acm" => Certificates.Answer(operation, fields),
                "tagging" => Certificates.Find(fields),
                "ecr" or "ecr-public" => Registry(service),
                "kms" => Keys.Answer(operation, fields),
                _ => throw new AwsSimulatedException("UnknownOperationException"),
            };
            context.Response.ContentType = Json;
            await context.Response.WriteAsync(answer?.ToJsonString() ?? "");
        }
        catch (AwsSimulatedException error)
        {
            context.Response.StatusCode = error.Status;
            if (RetryAfter is { } wait) context.Response.Headers.RetryAfter = wait;
            await context.Response.WriteAsync(isForm
                ? $"<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{error.Code}</Code><Message>{error.Message}</Message></Error><RequestId>{Guid.NewGuid()}</RequestId></ErrorResponse>"
                : new JsonObject { ["__type"] = error.Code, ["message"] = $"{error.Message}, request id: {Guid.NewGuid()}" }.ToJsonString());
        }
    }

    private DateTimeOffset Now() => time.GetUtcNow() + ClockAhead;

    private JsonObject Registry(string service)
    {
        var data = new JsonObject
        {
            ["authorizationToken"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"AWS:password-of-{service}")),
            ["expiresAt"] = (time.GetUtcNow() + TimeSpan.FromHours(12)).ToUnixTimeMilliseconds() / 1000.0,
        };
        if (service == "ecr-public") return new JsonObject { ["authorizationData"] = data };
        data["proxyEndpoint"] = "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com";
        return new JsonObject { ["authorizationData"] = new JsonArray(data) };
    }

    private static JsonObject FieldsOf(byte[] body) =>
        new(Encoding.ASCII.GetString(body).Split('&').Select(field => field.Split('=')).Select(pair => KeyValuePair.Create(Uri.UnescapeDataString(pair[0]), (JsonNode?)Uri.UnescapeDataString(pair[1]))));

    /// <summary>As https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html says, from what came over the wire.</summary>
    private (string Service, string Region, string? Key) Verify(HttpRequest request, byte[] body)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.Length == 0) return ("sts", "", null); // only web identities go without
        var parts = authorization["AWS4-HMAC-SHA256 ".Length..].Split(", ").ToDictionary(part => part.Split('=')[0], part => part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        var scope = parts["Credential"].Split('/');
        if (!keys.TryGetValue(scope[0], out var known)) throw new AwsSimulatedException("UnrecognizedClientException", "The security token included in the request is invalid. Credential=" + parts["Credential"]);
        if (request.Headers["X-Amz-Security-Token"].ToString() != (known.Token ?? "")) throw new AwsSimulatedException("ExpiredTokenException", "The security token included in the request is expired");
        var canonical = string.Join('\n', [
            request.Method, request.Path.ToString(), request.QueryString.ToString(), .. parts["SignedHeaders"].Split(';').Select(name => $"{name}:{request.Headers[name].ToString().Trim()}"), "",
            parts["SignedHeaders"], Convert.ToHexStringLower(SHA256.HashData(body))]);
        var date = request.Headers["X-Amz-Date"].ToString();
        var text = $"AWS4-HMAC-SHA256\n{date}\n{string.Join('/', scope[1..])}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope[1..].Aggregate(Encoding.UTF8.GetBytes("AWS4" + known.Secret), (part, next) => HMACSHA256.HashData(part, Encoding.UTF8.GetBytes(next)));
        if (Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))) != parts["Signature"]) throw new AwsSimulatedException("InvalidSignatureException");
        var signedAt = DateTimeOffset.ParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        request.HttpContext.Response.Headers.Date = Now().ToString("R", CultureInfo.InvariantCulture);
        if ((signedAt - Now()).Duration() > TimeSpan.FromMinutes(5)) throw new AwsSimulatedException("InvalidSignatureException", "Signature expired");
        return (scope[3], scope[2], scope[0]);
    }
}
