using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Declared;
using GitOpsSecrets.Providers.Tests.Contract;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Declared;

public sealed class DeclaredFilesTests
{
    private const string Definition = """
        name: acme
        server: "{address}"
        inputs: {address: {field: address, required: true}}
        read:
          - steps: {get: "/{ref.key}", files: {list: about.items, where: file, into: value, bytes: bytes, get: "/files/{item.name}", missing: {status: 410, anyBody: true}}}
            result: {value: about.items, pairs: {name: name, value: value, base64: bytes}}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_stand_where_their_elements_are_text_as_text_and_bytes_as_bytes()
    {
        byte[] bytes = [0, 0xC3, 0x28, 0xFF];
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            switch (context.Request.Path.Value)
            {
                case "/files/picture":
                    await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
                    break;
                case "/files/text":
                    await context.Response.WriteAsync("größer \"1\"", context.RequestAborted);
                    break;
                case "/files/gone":
                    context.Response.StatusCode = StatusCodes.Status410Gone;
                    break;
                default:
                    await context.Response.WriteAsync("""{"about":{"items":[{"name":"picture","file":1,"value":"?"},{"name":"text","file":"a","value":"?"},{"name":"gone","file":7,"value":"?"},{"name":"plain","file":0,"value":"tom"}]}}""", context.RequestAborted);
                    break;
            }
        });
        var provider = new DeclaredProvider(DefinitionReader.Read("acme.yaml", Definition));
        await using var source = await provider.OpenAsync(RecordedStore.Context(new JsonObject { ["address"] = server.Address.ToString() }, new MemoryCluster(ContractStand.Namespace)), Stop);
        using var secret = await source.FetchAsync(source.RequestFor(new("db")), Stop);
        Assert.Equal(bytes, secret!.Value("picture"));
        Assert.Equal("größer \"1\"", System.Text.Encoding.UTF8.GetString(secret.Value("text")!));
        Assert.Equal("?"u8.ToArray(), secret.Value("gone"));
        Assert.Equal("tom"u8.ToArray(), secret.Value("plain"));
        Assert.Equal(4, server.Requests);
    }
}
