using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GitOpsSecrets.Controller.Tests.External.Announcements;

/// <summary>Stands for Google: gives the keys that it signs with, over HTTP, and makes identity tokens.</summary>
internal sealed class KeySetServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Dictionary<string, RSA> keys = new(StringComparer.Ordinal);

    private KeySetServer(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;

    public int Requests { get; private set; }

    public bool IsDown { get; set; }

    public static async Task<KeySetServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new KeySetServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        server.Address = new Uri(((IApplicationBuilder)app).ServerFeatures.Get<IServerAddressesFeature>()!.Addresses.Single() + "/certs");
        server.AddKey("first");
        return server;
    }

    public void AddKey(string id) => keys[id] = RSA.Create(2048);

    /// <param name="id">Which key it says that it is signed with.</param>
    /// <param name="signer">Which it is signed with.</param>
    public string Token(JsonObject claims, string id = "first", RSA? signer = null, string algorithm = "RS256")
    {
        var text = Part(new JsonObject { ["alg"] = algorithm, ["kid"] = id, ["typ"] = "JWT" }) + "." + Part(claims);
        return text + "." + Base64Url.EncodeToString((signer ?? keys[id]).SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public static string Part(JsonObject content) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(content.ToJsonString()));

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        foreach (var key in keys.Values) key.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Requests++;
        context.Response.StatusCode = IsDown ? StatusCodes.Status403Forbidden : StatusCodes.Status200OK;
        var list = keys.Select(key =>
        {
            var numbers = key.Value.ExportParameters(includePrivateParameters: false);
            return (JsonNode)new JsonObject { ["kty"] = "RSA", ["use"] = "sig", ["alg"] = "RS256", ["kid"] = key.Key, ["n"] = Base64Url.EncodeToString(numbers.Modulus), ["e"] = Base64Url.EncodeToString(numbers.Exponent) };
        });
        await context.Response.WriteAsync(new JsonObject { ["keys"] = new JsonArray([.. list]) }.ToJsonString());
    }
}
