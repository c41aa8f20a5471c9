using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Keeper;

/// <summary>What the vendor's open clients expect of Keeper Secrets Manager, over TLS: requests are opened with the server's key and their signature is verified. No Keeper can be had where these tests run.</summary>
internal sealed class KeeperSimulator : IAsyncDisposable
{
    public const string Folder = "folder-of-the-tests-00";
    private readonly ECDiffieHellman key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDiffieHellman owner = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] appKey = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] folderKey = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, byte[]> files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, KeeperSimulatedRecord> records = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Route, JsonNode Payload)> seen = new();
    private LoopbackServer server = null!;
    private ECDsa device = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private string clientId = "device-1";

    public Uri Address => server.Address;

    /// <summary>The number of the key that it wants; others are refused with it.</summary>
    public int Wants { get; set; } = 10;

    /// <summary>An error to give in place of an answer: status and body.</summary>
    public (int Status, string Body)? Error { get; set; }

    public IReadOnlyDictionary<string, string> ServerKeys => new Dictionary<string, string>(StringComparer.Ordinal) { ["10"] = Point, ["12"] = Point };

    public IReadOnlyList<(string Route, JsonNode Payload)> Seen => [.. seen];

    public IReadOnlyDictionary<string, KeeperSimulatedRecord> Records => records;

    private string Point => Base64Url.EncodeToString(KeeperBox.PointOf(key));

    public static async Task<KeeperSimulator> StartAsync(TestCertificates certificates)
    {
        var simulator = new KeeperSimulator();
        simulator.server = await LoopbackServer.StartAsync(simulator.HandleAsync, certificates.Issue("127.0.0.1"));
        return simulator;
    }

    /// <summary>Of the device that is let in.</summary>
    public JsonObject Configuration() => new()
    {
        ["hostname"] = Address.Authority,
        ["clientId"] = clientId,
        ["privateKey"] = Convert.ToBase64String(device.ExportPkcs8PrivateKey()),
        ["serverPublicKeyId"] = "10",
        ["appKey"] = Convert.ToBase64String(appKey),
        ["appOwnerPublicKey"] = Convert.ToBase64String(KeeperBox.PointOf(owner)),
    };

    /// <summary>Another device takes its place.</summary>
    public void Rotate() => (device, clientId) = (ECDsa.Create(ECCurve.NamedCurves.nistP256), "device-2");

    /// <summary>In the shared folder, or shared by itself.</summary>
    public void Put(string id, string json, bool isAlone = false, IReadOnlyDictionary<string, byte[]>? contents = null) =>
        records[id] = new(isAlone ? null : Folder, isAlone ? null : RandomNumberGenerator.GetBytes(32), JsonNode.Parse(json)!.AsObject(), contents ?? new Dictionary<string, byte[]>());

    /// <summary>A record that was sealed with a key that nobody has.</summary>
    public void Spoil(string id) => records[id] = records[id] with { Folder = "another" };

    public ValueTask DisposeAsync()
    {
        key.Dispose();
        owner.Dispose();
        device.Dispose();
        return server.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.StartsWith("/files/", StringComparison.Ordinal))
        {
            await context.Response.Body.WriteAsync(files[path["/files/".Length..]], context.RequestAborted);
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var (status, answer) = Answer(context.Request, path["/api/rest/sm/v1/".Length..], body.ToArray());
        context.Response.StatusCode = status;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    private (int Status, byte[] Body) Answer(HttpRequest request, string route, byte[] body)
    {
        if (Error is { } error) return (error.Status, Encoding.UTF8.GetBytes(error.Body));
        if (request.Headers["PublicKeyId"] != Wants.ToString(System.Globalization.CultureInfo.InvariantCulture)) return (401, Encoding.UTF8.GetBytes($$"""{"error":"key","message":"invalid key id","key_id":{{Wants}}}"""));
        var sealedKey = Convert.FromBase64String(request.Headers["TransmissionKey"].ToString());
        var transmission = KeeperBox.OpenWith(key, sealedKey);
        var payload = JsonNode.Parse(KeeperBox.Open(body, transmission))!;
        var signature = Convert.FromBase64String(request.Headers.Authorization.ToString()["Signature ".Length..]);
        var isSigned = device.VerifyData((byte[])[.. sealedKey, .. body], signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        if (!isSigned || payload["clientId"]!.ToString() != clientId) return (403, """{"error":"access_denied","message":"Unable to validate application access"}"""u8.ToArray());
        seen.Enqueue((route, payload));
        var answer = route switch
        {
            "get_secret" => Get(payload),
            "create_secret" => Create(payload),
            "update_secret" => Update(payload),
            "delete_secret" => Delete(payload),
            _ => null,
        };
        if (answer is "out_of_sync") return (400, """{"error":"out_of_sync","message":"Record is out of sync"}"""u8.ToArray());
        return answer is null ? (404, []) : (200, answer.Length == 0 ? [] : KeeperBox.Seal(Encoding.UTF8.GetBytes(answer), transmission));
    }

    private string Get(JsonNode payload)
    {
        var wanted = payload["requestedRecords"]?.AsArray().Select(id => id!.ToString()).ToHashSet(StringComparer.Ordinal);
        var shown = records.Where(record => wanted?.Contains(record.Key) != false).ToList();
        return new JsonObject
        {
            ["records"] = new JsonArray([.. shown.Where(record => record.Value.Folder is null).Select(record => (JsonNode)Sealed(record.Key, record.Value))]),
            ["folders"] = new JsonArray(new JsonObject
            {
                ["folderUid"] = Folder,
                ["folderKey"] = Convert.ToBase64String(KeeperBox.Seal(folderKey, appKey)),
                ["records"] = new JsonArray([.. shown.Where(record => record.Value.Folder is not null).Select(record => (JsonNode)Sealed(record.Key, record.Value))]),
            }),
        }.ToJsonString();
    }

    private JsonObject Sealed(string id, KeeperSimulatedRecord record)
    {
        var sealing = record.Key ?? appKey;
        var attached = new JsonArray();
        foreach (var (title, content) in record.Files)
        {
            var fileKey = RandomNumberGenerator.GetBytes(32);
            var name = Guid.NewGuid().ToString();
            files[name] = KeeperBox.Seal(content, fileKey);
            attached.Add(new JsonObject
            {
                ["fileUid"] = name,
                ["fileKey"] = Base64Url.EncodeToString(KeeperBox.Seal(fileKey, sealing)),
                ["data"] = Base64Url.EncodeToString(KeeperBox.Seal(Encoding.UTF8.GetBytes(new JsonObject { ["title"] = title, ["name"] = title }.ToJsonString()), fileKey)),
                ["url"] = new Uri(Address, "files/" + name).ToString(),
            });
        }

        var json = new JsonObject { ["recordUid"] = id, ["revision"] = record.Revision, ["isEditable"] = true, ["files"] = attached, ["data"] = Convert.ToBase64String(KeeperBox.Seal(Encoding.UTF8.GetBytes(record.Json.ToJsonString()), sealing)) };
        if (record.Key is not null) json["recordKey"] = Convert.ToBase64String(KeeperBox.Seal(record.Key, record.Folder == Folder ? folderKey : RandomNumberGenerator.GetBytes(32)));
        return json;
    }

    private string Create(JsonNode payload)
    {
        var recordKey = KeeperBox.OpenWith(owner, Convert.FromBase64String(payload["recordKey"]!.ToString()));
        Assert.Equal(recordKey, KeeperBox.Open(Convert.FromBase64String(payload["folderKey"]!.ToString()), folderKey));
        Assert.Equal(Folder, payload["folderUid"]!.ToString());
        var json = JsonNode.Parse(KeeperBox.Open(Convert.FromBase64String(payload["data"]!.ToString()), recordKey))!.AsObject();
        records[payload["recordUid"]!.ToString()] = new(Folder, recordKey, json, new Dictionary<string, byte[]>());
        return "";
    }

    private string Update(JsonNode payload)
    {
        var id = payload["recordUid"]!.ToString();
        var record = records[id];
        if (payload["revision"]!.GetValue<long>() != record.Revision) return "out_of_sync";
        var json = JsonNode.Parse(KeeperBox.Open(Base64Url.DecodeFromChars(payload["data"]!.ToString()), record.Key ?? appKey))!.AsObject();
        records[id] = record with { Json = json, Revision = record.Revision + 1 };
        return "";
    }

    private string Delete(JsonNode payload)
    {
        var id = payload["recordUids"]![0]!.ToString();
        var isGone = records.TryRemove(id, out _);
        return $$"""{"records":[{"recordUid":"{{id}}","responseCode":"{{(isGone ? "ok" : "not_found")}}"}]}""";
    }
}
