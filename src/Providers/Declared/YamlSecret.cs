using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>An answer whose keys and values are those of a map in YAML, which JSON is too: a map in it becomes YAML, a list JSON.</summary>
/// <param name="whole">Taken over.</param>
internal sealed class YamlSecret(string key, byte[] whole) : RemoteSecret
{
    private static readonly YamlLimits Limits = new(4 * 1024 * 1024, 100, 100_000);

    public override long Size => whole.Length;

    /// <summary>A property is a path in JSON, as elsewhere.</summary>
    public override byte[]? Value(string? property)
    {
        ThrowIfDisposed();
        using var json = new JsonSecret(key, [.. whole], PropertyOrder.Path);
        return json.Value(property);
    }

    public override SecretValues Values(string? property)
    {
        var text = Value(property)!;
        try
        {
            var map = YamlReader.Read(Encoding.UTF8.GetString(text), Limits) as JsonObject ?? throw NoMap();
            var values = new SecretValues();
            foreach (var (name, value) in map) values.Set(name, Encoding.UTF8.GetBytes(TextOf(value)));
            return values;
        }
        catch (YamlFormatException)
        {
            // What is wrong with it would be told with pieces of it.
            throw NoMap();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    public override string ToString() => $"{key}: {whole.Length} bytes";

    protected override void Dispose(bool disposing) => CryptographicOperations.ZeroMemory(whole);

    private ProviderException NoMap() => new(ProviderFailureKind.Invalid, $"unable to unmarshal secret {key}: it is neither a map in YAML nor a JSON object");

    private static string TextOf(JsonNode? value) => value switch
    {
        null => "",
        JsonObject map => YamlWriter.Write(map).Trim(),
        JsonArray list => list.ToJsonString(),
        _ => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(),
    };
}
