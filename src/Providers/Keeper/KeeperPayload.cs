using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Keeper;

/// <summary>JSON of requests and records, as bytes.</summary>
internal static class KeeperPayload
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>The caller's to zero.</returns>
    public static byte[] Of(JsonObject payload)
    {
        using var buffer = new SecretBuffer();
        using (var writer = new Utf8JsonWriter(buffer, Plain)) payload.WriteTo(writer);
        return buffer.ToArray();
    }
}
