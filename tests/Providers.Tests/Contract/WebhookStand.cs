using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Contract;

/// <summary>An endpoint that keeps a body for each key and version, and a store whose templates ask it for them.</summary>
internal sealed class WebhookStand : ContractStand
{
    private readonly TestCertificates certificates = new();
    private readonly ConcurrentDictionary<string, byte[]> bodies = new(StringComparer.Ordinal);
    private LoopbackServer server = null!;
    private volatile string token = "first";

    public override string Name => "webhook";

    public override Uri Server => server.Address;

    public override bool EveryNotFoundIsMissing => true;

    public async Task<ContractStand> StartAsync()
    {
        Cluster.Put(Namespace, "webhook", "token", token);
        Cluster.Label(Namespace, "webhook", "external-secrets.io/type", "webhook");
        server = await LoopbackServer.StartAsync(AnswerAsync, certificates.Issue("127.0.0.1"));
        return this;
    }

    public override JsonObject Options() => OptionsFor(server.Address, certificates.Pem);

    public override JsonObject OptionsFor(Uri server, string authorityPem) => new()
    {
        ["url"] = server + "{{ .remoteRef.remoteKey | default .remoteRef.key }}{{ .remoteRef.version | default \"\" }}",
        ["caBundle"] = Base64(authorityPem),
        ["headers"] = new JsonObject { ["Authorization"] = "Bearer {{ .login.token }}" },
        ["secrets"] = new JsonArray(new JsonObject { ["name"] = "login", ["secretRef"] = new JsonObject { ["name"] = "webhook" } }),
        ["result"] = new JsonObject { ["jsonPath"] = "{{ if .remoteRef.property }}$.{{ .remoteRef.property }}{{ end }}" },
    };

    public override Task PutAsync(string key, IReadOnlyDictionary<string, string> values)
    {
        bodies["/" + key] = JsonSerializer.SerializeToUtf8Bytes(values);
        return Task.CompletedTask;
    }

    public override Task<RemoteReference?> PutBytesAsync(string key, byte[] bytes)
    {
        bodies["/" + key] = bytes;
        return Task.FromResult<RemoteReference?>(new(key));
    }

    public override Task<(RemoteReference First, RemoteReference Second)?> PutVersionsAsync(string key, string first, string second)
    {
        bodies[$"/{key}v1"] = System.Text.Encoding.UTF8.GetBytes(first);
        bodies[$"/{key}v2"] = System.Text.Encoding.UTF8.GetBytes(second);
        return Task.FromResult<(RemoteReference, RemoteReference)?>((new(key, Version: "v1"), new(key, Version: "v2")));
    }

    /// <summary>It is tried whether something listens.</summary>
    public override StoreValidityKind ValidityWhenRefused => StoreValidityKind.Valid;

    public override Task RotateAsync()
    {
        token = "rotated";
        Cluster.Put(Namespace, "webhook", "token", token);
        return Task.CompletedTask;
    }

    public override (RemotePlace Place, RemoteReference Reference) Pushed(string key) => (new(key, null), new(key));

    public override async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        certificates.Dispose();
        await base.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (context.Request.Headers.Authorization != "Bearer " + token)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        switch (context.Request.Method)
        {
            case "POST":
                using (var body = new MemoryStream())
                {
                    await context.Request.Body.CopyToAsync(body, context.RequestAborted);
                    bodies[path] = body.ToArray();
                }

                break;
            case "DELETE":
                context.Response.StatusCode = bodies.TryRemove(path, out _) ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
                break;
            case var _ when bodies.TryGetValue(path, out var kept):
                await context.Response.Body.WriteAsync(kept, context.RequestAborted);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }
}
