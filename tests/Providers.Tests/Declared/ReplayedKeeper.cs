using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Keeper;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>The server's half of a recording of Keeper: opens requests with the recorded keys, and seals answers with the key that each request brings.</summary>
internal sealed class ReplayedKeeper(JsonObject recording)
{
    private byte[] transmission = [];

    /// <summary>The server's public key, as the vendor's clients have it built in.</summary>
    public string Point
    {
        get
        {
            using var key = ServerKey();
            return Base64Url.EncodeToString(KeeperBox.PointOf(key));
        }
    }

    /// <summary>The payload, with what it brings of a record opened; null where the device did not sign it.</summary>
    public JsonNode? Open(HttpRequest request, byte[] body)
    {
        var sealedKey = Convert.FromBase64String(request.Headers["TransmissionKey"].ToString());
        using var server = ServerKey();
        using var device = ECDsa.Create();
        device.ImportPkcs8PrivateKey(Convert.FromBase64String(JsonNode.Parse(recording["secrets"]!["keeper/config"]!.ToString())!["privateKey"]!.ToString()), out _);
        var signature = Convert.FromBase64String(request.Headers.Authorization.ToString()["Signature ".Length..]);
        if (!device.VerifyData((byte[])[.. sealedKey, .. body], signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)) return null;
        transmission = KeeperBox.OpenWith(server, sealedKey);
        var payload = JsonNode.Parse(KeeperBox.Open(body, transmission))!;
        if (payload["data"] is { } data) payload["data"] = JsonNode.Parse(KeeperBox.Open(Base64Url.DecodeFromChars(data.ToString()), Convert.FromBase64String(recording["recordKey"]!.ToString())));
        return payload;
    }

    public byte[] Seal(JsonNode answer) => KeeperBox.Seal(Encoding.UTF8.GetBytes(answer.ToJsonString()), transmission);

    private ECDiffieHellman ServerKey()
    {
        var key = ECDiffieHellman.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(recording["serverKey"]!.ToString()), out _);
        return key;
    }
}
